using System.Runtime.InteropServices;

namespace Shortline.Gateway;

/// <summary>
/// An array outside the garbage collector's heap, zeroed on first touch, so that the kernel may write to it at any time and pages
/// that nobody uses cost nothing. Its owner disposes it once, when nobody reads it any more.
/// </summary>
internal sealed unsafe class NativeBlock<T>(int length) : IDisposable
    where T : unmanaged
{
    // calloc maps large blocks from the system as they are touched.
    internal T* Pointer { get; private set; } = (T*)NativeMemory.AllocZeroed((nuint)length, (nuint)sizeof(T));

    internal int Length => length;

    public void Dispose()
    {
        NativeMemory.Free(Pointer);
        Pointer = null;
    }
}
