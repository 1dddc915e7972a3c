"""How drivers and libraries say that memory is short.

torch has a class of its own for what its allocators say. What comes from below them is a
RuntimeError like any other, told apart by its text only.
"""

# In small letters, as parts of what is said:
_SIGNS = (
    "out of memory",  # torch, CUDA ("CUDA error: out of memory"), Apple ("MPS backend ...")
    "outofmemory",  # Metal: kIOGPUCommandBufferCallbackErrorOutOfMemory
    "insufficient memory",  # Metal, in words
    "invalid buffer size",  # MPS, for one tensor that is larger than any buffer may be
    "cudaerrormemoryallocation",
    "_status_alloc_failed",  # CUBLAS, CUDNN, CUSPARSE: their workspaces have no room
    "error_out_of_device_memory",  # Level Zero (ZE_RESULT_), and SYCL's layer over it (UR_RESULT_)
    "error_out_of_host_memory",
    "error_out_of_resources",
    "can't allocate memory",  # torch on the processor, Linux and macOS
    "not enough memory",  # the same on Windows
)


def says_out_of_memory(text: str) -> bool:
    """Whether the text of an error says that the device's or the computer's memory is short."""
    text = text.lower()
    return any(sign in text for sign in _SIGNS)
