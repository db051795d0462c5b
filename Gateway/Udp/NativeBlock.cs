using System.Runtime.InteropServices;

namespace Shortline.Gateway.Udp;

/// <summary>
/// A zeroed array in native memory. The kernel may write to it at any time, and pages that are never used are never allocated. The owner
/// disposes of it once, after the last access.
/// </summary>
internal sealed unsafe class NativeBlock<T>(int length) : IDisposable
    where T : unmanaged
{
    // For large blocks, calloc maps pages only when they are first used.
    internal T* Pointer { get; private set; } = (T*)NativeMemory.AllocZeroed((nuint)length, (nuint)sizeof(T));

    internal int Length => length;

    public void Dispose()
    {
        NativeMemory.Free(Pointer);
        Pointer = null;
    }
}
