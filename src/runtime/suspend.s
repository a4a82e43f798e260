# The guard around the suspending import.
#
# An engine refuses to suspend by throwing a JavaScript SuspendError: when a JS frame lies between
# here and the promising entry, or when there is no such entry. C cannot catch it, and a C++
# `catch (...)` does not: it looks for the C++ tag alone. `catch_all` does, and only assembly
# has it.

	.text
	.functype	coil_suspend_js (f64) -> (i32)
	.globl	coil_suspend_guarded
	.hidden	coil_suspend_guarded
	.type	coil_suspend_guarded,@function
coil_suspend_guarded:
	.functype	coil_suspend_guarded (f64) -> (i32)
	try	i32
	local.get	0
	call	coil_suspend_js
	catch_all
	i32.const	-1
	end_try
	end_function
