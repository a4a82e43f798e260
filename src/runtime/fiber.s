# The change to a new fiber's C stack and back. C code cannot do it: its own frame lies on the stack
# that is left.

	.text
	.globaltype	__stack_pointer, i32
	.functype	coil_fiber_body (i32) -> ()
	.globl	coil_fiber_call
	.hidden	coil_fiber_call
	.type	coil_fiber_call,@function
coil_fiber_call:
	.functype	coil_fiber_call (i32, i32, i32) -> ()
	local.get	2
	global.get	__stack_pointer
	i32.store	0
	local.get	1
	global.set	__stack_pointer
	local.get	0
	call	coil_fiber_body
	# Not what was stored above: each suspension has put there what it came back to.
	local.get	2
	i32.load	0
	global.set	__stack_pointer
	end_function
