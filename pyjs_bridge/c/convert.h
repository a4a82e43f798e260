/* Implicit conversion, one value at a time: what every crossing is made of. */
#ifndef COIL_BRIDGE_CONVERT_H
#define COIL_BRIDGE_CONVERT_H

#include "slot.h"

/* Puts a borrowed value into a slot. A string's characters stay where they are, so `value` must
   live until the slot was read. A PYREF slot holds a new reference. Returns 0, or -1 with an
   exception set. */
int bridge_to_slot(PyObject *value, bridge_slot *slot);

/* As bridge_to_slot for the result of an export, and steals `value`: what the slot points to is
   kept until the next result. With NULL, the current exception is what goes into the slot. Returns
   the slot's kind; raises nothing. */
int bridge_result_to_slot(PyObject *value, bridge_slot *slot);

/* Gives back what the last result of bridge_result_to_slot() points to, once it was read. Returns
   nothing. */
void bridge_forget_result(void);

/* Makes the value of a slot; steals what the slot owns. Returns a new reference, or NULL with an
   exception set: the one in the slot, if it holds one. */
PyObject *bridge_from_slot(bridge_slot *slot);

/* As bridge_from_slot for the result of a call: a promise becomes a future of the running loop.
   Returns a new reference, or NULL with an exception set; steals what the slot owns. */
PyObject *bridge_from_call_slot(bridge_slot *slot);

/* Gives back what `count` slots own that nobody has read. Returns nothing; raises nothing. */
void bridge_clear_slots(bridge_slot *slots, int count);

/* Puts a borrowed str into a slot, whose characters stay where they are. Returns nothing. */
void bridge_text_to_slot(PyObject *text, bridge_slot *slot);

/* Makes a string. Returns a new reference, or NULL with MemoryError set. */
PyObject *bridge_text_from_slot(const bridge_slot *slot);

#endif
