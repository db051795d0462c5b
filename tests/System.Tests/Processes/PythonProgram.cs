using System.Diagnostics;

namespace Shortline.System.Tests.Processes;

/// <summary>A Python program as a process. Disposing of it ends the process.</summary>
internal sealed class PythonProgram : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Task<string> _output;
    private readonly Task<string> _error;

    private PythonProgram(Process process)
    {
        _process = process;
        _output = process.StandardOutput.ReadToEndAsync();
        _error = process.StandardError.ReadToEndAsync();
    }

    /// <summary>Starts the program.</summary>
    public static PythonProgram Start(string file, params IEnumerable<string> arguments) =>
        Start(file, new Dictionary<string, string>(StringComparer.Ordinal), arguments);

    /// <summary>Starts the program with additional environment variables.</summary>
    public static PythonProgram Start(string file, IReadOnlyDictionary<string, string> environment, params IEnumerable<string> arguments)
    {
        var python = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Select(folder => Path.Combine(folder, "python3"))
            .FirstOrDefault(File.Exists)
            ?? throw new InvalidOperationException(
                "This test runs a program in Python, and python3 is not installed (Debian: apt-get install python3; .ci/run does it).");
        var start = new ProcessStartInfo(python, [file, .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (variable, value) in environment)
            start.Environment[variable] = value;
        return new PythonProgram(Process.Start(start)!);
    }

    /// <summary>Waits until the program has ended by itself.</summary>
    /// <returns>What it has written to both streams.</returns>
    public async Task<string> Ended()
    {
        using var limit = new CancellationTokenSource(ProgramProcess.Limit);
        try
        {
            await _process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"{_process.StartInfo.FileName} {string.Join(' ', _process.StartInfo.ArgumentList)} has not ended within {ProgramProcess.Limit.TotalSeconds} s: {await Kill()}");
        }

        return await _output + await _error;
    }

    /// <summary>Kills the process.</summary>
    /// <returns>What it has written to both streams.</returns>
    public async Task<string> Kill()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        return await _output + await _error;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            await Kill();
        _process.Dispose();
    }
}
