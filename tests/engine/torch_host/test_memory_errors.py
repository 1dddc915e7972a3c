"""Errors that say that memory is short, in the words of those who raise them."""

import pytest

from memoryhunter.engine.torch_host.memory_errors import says_out_of_memory


@pytest.mark.parametrize(
    "text",
    [
        "CUDA out of memory. Tried to allocate 2.00 GiB. GPU 0 has a total capacity of ...",
        "CUDA error: out of memory\nCUDA kernel errors might be asynchronously reported ...",
        "cudaErrorMemoryAllocation",
        "CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`",
        "cuDNN error: CUDNN_STATUS_ALLOC_FAILED",
        "MPS backend out of memory (MPS allocated: 5.00 GB, other allocations: 1.00 GB, ...)",
        "Insufficient Memory (00000008:kIOGPUCommandBufferCallbackErrorOutOfMemory)",
        "Invalid buffer size: 12.25 GiB",
        "XPU out of memory. Tried to allocate 1.00 GiB.",
        "level_zero backend failed with error: 39 (UR_RESULT_ERROR_OUT_OF_DEVICE_MEMORY)",
        "level_zero backend failed with error: 40 (UR_RESULT_ERROR_OUT_OF_RESOURCES)",
        "[enforce fail at alloc_cpu.cpp:118] DefaultCPUAllocator: can't allocate memory: you ...",
        "[enforce fail at alloc_cpu.cpp:114] data. DefaultCPUAllocator: not enough memory: you ...",
    ],
)
def test_memory_is_short(text: str) -> None:
    assert says_out_of_memory(text)


@pytest.mark.parametrize(
    "text",
    [
        "CUDA error: an illegal memory access was encountered",
        "CUDA error: CUBLAS_STATUS_EXECUTION_FAILED when calling `cublasGemmEx(...)`",
        "level_zero backend failed with error: 20 (UR_RESULT_ERROR_DEVICE_LOST)",
        "mat1 and mat2 shapes cannot be multiplied (4x32 and 24x32)",
    ],
)
def test_something_else_is_wrong(text: str) -> None:
    assert not says_out_of_memory(text)
