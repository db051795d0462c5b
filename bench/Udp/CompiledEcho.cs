using System.ComponentModel;

namespace Shortline.Bench.Udp;

/// <summary>Compiles the C echo server from the source in this assembly, and runs it.</summary>
internal static class CompiledEcho
{
    internal static async Task<RunningTarget> StartAsync(CancellationToken cancellationToken)
    {
        if (!OperatingSystem.IsLinux())
            throw new TargetFailedException("recvmmsg and sendmmsg exist only on Linux.");
        var folder = new TemporaryFolder();
        ChildProcess? process = null;
        try
        {
            var program = await CompileAsync(folder, cancellationToken);
            process = ChildProcess.Start(program, []);
            return new RunningTarget("c", [process], await process.ReadPortAsync(cancellationToken), folder);
        }
        catch
        {
            process?.Dispose();
            folder.Dispose();
            throw;
        }
    }

    private static async Task<string> CompileAsync(TemporaryFolder folder, CancellationToken cancellationToken)
    {
        var source = Path.Combine(folder.Path, "echo.c");
        var program = Path.Combine(folder.Path, "echo");
        await using (var embedded = typeof(CompiledEcho).Assembly.GetManifestResourceStream("echo.c")!)
        await using (var file = File.Create(source))
            await embedded.CopyToAsync(file, cancellationToken);
        try
        {
            using var compiler = ChildProcess.Start("cc", ["-O2", "-pthread", "-o", program, source]);
            await compiler.ReadToEndAsync(cancellationToken);
        }
        catch (Win32Exception)
        {
            throw new TargetFailedException("There is no C compiler (cc) here.");
        }

        return program;
    }
}
