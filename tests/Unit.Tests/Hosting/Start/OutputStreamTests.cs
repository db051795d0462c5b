using System.IO.Pipes;
using Microsoft.Win32.SafeHandles;
using Shortline.Hosting.Start;

namespace Shortline.Unit.Tests.Hosting.Start;

public sealed class OutputStreamTests
{
    [Fact]
    public void It_writes_all_bytes()
    {
        var path = Path.GetTempFileName();
        using (var file = File.OpenHandle(path, FileMode.Open, FileAccess.Write))
        using (var output = new OutputStream(file))
        {
            output.Write("one "u8);
            output.Write("two"u8);
        }

        Assert.Equal("one two", File.ReadAllText(path));
        File.Delete(path);
    }

    [Fact]
    public void A_pipe_without_a_reader_ends_the_program()
    {
        if (OperatingSystem.IsWindows())
            return;
        using var pipe = new AnonymousPipeServerStream(PipeDirection.Out);
        using var end = new SafeFileHandle(pipe.SafePipeHandle.DangerousGetHandle(), ownsHandle: false);
        using var output = new OutputStream(end);
        pipe.ClientSafePipeHandle.Dispose();

        Assert.True(Assert.Throws<OutputException>(() => output.Write("x"u8)).IsClosed);
    }

    [Fact]
    public void A_full_disk_is_named()
    {
        if (!File.Exists("/dev/full"))
            return;
        using var full = File.OpenHandle("/dev/full", FileMode.Open, FileAccess.Write);
        using var output = new OutputStream(full);

        var failure = Assert.Throws<OutputException>(() => output.Write("x"u8));
        Assert.False(failure.IsClosed);
        Assert.Equal("Standard output cannot be written: No space left on device.", ProgramStart.Explain(failure));
    }
}
