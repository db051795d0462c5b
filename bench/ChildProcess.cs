using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace Shortline.Bench;

/// <summary>A process that the benchmark starts. Disposing of it ends the process.</summary>
internal sealed class ChildProcess : IDisposable
{
    /// <summary>The text that an echo server prints when it is ready; its port follows.</summary>
    internal const string Listening = "listening ";

    private const int LinesKept = 20;

    private readonly Process _process;
    private readonly Queue<string> _lastLines = new();

    private ChildProcess(Process process)
    {
        _process = process;
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.BeginErrorReadLine();
    }

    internal int Id => _process.Id;

    internal bool HasExited => _process.HasExited;

    /// <summary>Called with each line that the process writes to either stream, on any thread.</summary>
    internal Action<string>? Written { get; set; }

    /// <summary>The last lines that the process wrote, to explain a failure.</summary>
    internal string LastLines
    {
        get
        {
            lock (_lastLines)
                return string.Join(Environment.NewLine, _lastLines);
        }
    }

    /// <exception cref="Win32Exception">There is no such program.</exception>
    internal static ChildProcess Start(string program, IEnumerable<string> arguments, string? folder = null, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder ?? Environment.CurrentDirectory,
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>(StringComparer.Ordinal))
            start.Environment[name] = value;
        return new ChildProcess(Process.Start(start)!);
    }

    /// <summary>Starts another process of this program with a hidden verb.</summary>
    internal static ChildProcess StartSelf(params string[] arguments) => StartSelf(arguments, folder: null, environment: null);

    /// <inheritdoc cref="StartSelf(string[])"/>
    internal static ChildProcess StartSelf(IEnumerable<string> arguments, string? folder, IReadOnlyDictionary<string, string>? environment)
    {
        var host = Environment.ProcessPath!;
        var isDotnet = Path.GetFileNameWithoutExtension(host).Equals("dotnet", StringComparison.OrdinalIgnoreCase);
        return Start(host, isDotnet ? [typeof(ChildProcess).Assembly.Location, .. arguments] : arguments, folder, environment);
    }

    /// <summary>Reads the standard output in the background, so that the process never blocks on a full pipe.</summary>
    internal void ReadOutputAside()
    {
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.BeginOutputReadLine();
    }

    internal Task WaitForExitAsync(CancellationToken cancellationToken) => _process.WaitForExitAsync(cancellationToken);

    internal async Task<int> ReadPortAsync(CancellationToken cancellationToken)
    {
        var line = await _process.StandardOutput.ReadLineAsync(cancellationToken);
        if (line is null || !line.StartsWith(Listening, StringComparison.Ordinal))
            throw new TargetFailedException($"The process did not print its port. {line}{LastLines}");
        return int.Parse(line.AsSpan(Listening.Length), CultureInfo.InvariantCulture);
    }

    /// <summary>Waits until the process has ended, and returns its standard output.</summary>
    internal async Task<string> ReadToEndAsync(CancellationToken cancellationToken)
    {
        var output = await _process.StandardOutput.ReadToEndAsync(cancellationToken);
        await _process.WaitForExitAsync(cancellationToken);
        if (_process.ExitCode != 0)
            throw new TargetFailedException($"Exit code {_process.ExitCode}. {output}{LastLines}");
        return output;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    private void Keep(string? line)
    {
        if (line is null)
            return;
        lock (_lastLines)
        {
            _lastLines.Enqueue(line);
            if (_lastLines.Count > LinesKept)
                _lastLines.Dequeue();
        }

        Written?.Invoke(line);
    }
}
