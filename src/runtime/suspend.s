# The guard around the suspending import, and the change of the C stack around it.
#
# An engine refuses to suspend by throwing a JavaScript SuspendError: when a JS frame lies between
# here and the promising entry, or when there is no such entry. C cannot catch it, and a C++
# `catch (...)` does not: it looks for the C++ tag alone. `catch_all` does, and only assembly
# has it.
#
# While this stack is away, JavaScript continues on the C stack that the last argument points to; the
# one it comes back from may be another. No C code may run between the change and the import.

	.text
	.globaltype	__stack_pointer, i32
	.functype	coil_suspend_js (i32, f64, i32) -> (i32)
	.globl	coil_suspend_guarded
	.hidden	coil_suspend_guarded
	.type	coil_suspend_guarded,@function
coil_suspend_guarded:
	.functype	coil_suspend_guarded (i32, f64, i32, i32) -> (i32)
	.local	i32, i32
	global.get	__stack_pointer
	local.set	4
	local.get	3
	i32.load	0
	global.set	__stack_pointer
	try	i32
	local.get	0
	local.get	1
	local.get	2
	call	coil_suspend_js
	catch_all
	i32.const	-1
	end_try
	local.set	5
	local.get	3
	global.get	__stack_pointer
	i32.store	0
	local.get	4
	global.set	__stack_pointer
	local.get	5
	end_function
