using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace Shortline.Bench;

/// <summary>A process started by the benchmark, which ends when this is disposed.</summary>
internal sealed class ChildProcess : IDisposable
{
    /// <summary>What an echo server prints when it is ready, followed by its port.</summary>
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

    /// <summary>A line was written, to either stream. Comes from any thread.</summary>
    internal Action<string>? Written { get; set; }

    /// <summary>The last lines it wrote, to explain a failure.</summary>
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

    /// <summary>Starts this program once more, under a hidden verb.</summary>
    internal static ChildProcess StartSelf(params string[] arguments) => StartSelf(arguments, folder: null, environment: null);

    /// <inheritdoc cref="StartSelf(string[])"/>
    internal static ChildProcess StartSelf(IEnumerable<string> arguments, string? folder, IReadOnlyDictionary<string, string>? environment)
    {
        var host = Environment.ProcessPath!;
        var isDotnet = Path.GetFileNameWithoutExtension(host).Equals("dotnet", StringComparison.OrdinalIgnoreCase);
        return Start(host, isDotnet ? [typeof(ChildProcess).Assembly.Location, .. arguments] : arguments, folder, environment);
    }

    /// <summary>Keeps reading what it prints, so that it never waits for a reader.</summary>
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
            throw new TargetFailedException($"It did not say where it listens. {line}{LastLines}");
        return int.Parse(line.AsSpan(Listening.Length), CultureInfo.InvariantCulture);
    }

    /// <summary>Waits for its end and returns all it printed.</summary>
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
