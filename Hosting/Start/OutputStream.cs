using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Shortline.Hosting.Start;

/// <summary>
/// Writes to a file or pipe and fails as the system does. The streams of <see cref="Console"/> drop what they write to a pipe whose reader is
/// gone, so that a program would go on for nobody. Every write is made at once.
/// </summary>
internal sealed partial class OutputStream : Stream
{
    private const int BrokenPipe = 32;
    private const int Interrupted = 4;

    private readonly SafeFileHandle _file;

    public OutputStream(SafeFileHandle file) => _file = file;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <exception cref="OutputException">It cannot be written.</exception>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            var written = Write(_file, buffer, buffer.Length);
            if (written >= 0)
                buffer = buffer[(int)written..];
            else if (Marshal.GetLastPInvokeError() is var error and not Interrupted)
                throw new OutputException(Marshal.GetPInvokeErrorMessage(error), isClosed: error == BrokenPipe);
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint Write(SafeFileHandle file, ReadOnlySpan<byte> bytes, nint count);
}
