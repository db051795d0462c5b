using System.Diagnostics;
using System.Text;

namespace Shortline.System.Tests.Processes;

/// <summary>
/// One of our programs as a process. Every wait has a limit; when it passes, the test fails with everything that the program wrote. The
/// process ends with the test.
/// </summary>
internal sealed class ProgramProcess : IAsyncDisposable
{
    /// <summary>
    /// The longest wait. It is generous, because many processes may start on a machine with two cores, and only a failing test waits this
    /// long.
    /// </summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly Lock _lock = new();
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _error = new();
    private readonly Process _process;
    private readonly string _name;
    private TaskCompletionSource _written = NewSignal();

    private ProgramProcess(Process process, string name)
    {
        _process = process;
        _name = name;
    }

    /// <summary>What the program has written to standard output so far.</summary>
    public string Output => Read(_output);

    /// <summary>What the program has written to standard error so far.</summary>
    public string Error => Read(_error);

    /// <summary>The process id.</summary>
    public int Id => _process.Id;

    public bool IsRunning => !_process.HasExited;

    /// <summary>Starts a program in a working directory, without settings from the environment of the tests.</summary>
    public static ProgramProcess Start(string file, string workingDirectory, params IEnumerable<string> arguments) =>
        Start(file, workingDirectory, new Dictionary<string, string>(StringComparer.Ordinal), arguments);

    /// <summary>Starts a program with additional environment variables.</summary>
    /// <param name="file">The program.</param>
    /// <param name="workingDirectory">Its working directory.</param>
    /// <param name="environment">Variables that it gets in addition.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="openFiles">How many files it may have open; null for the limit of the tests.</param>
    public static ProgramProcess Start(
        string file, string workingDirectory, IReadOnlyDictionary<string, string> environment, IEnumerable<string> arguments, int? openFiles = null)
    {
        Assert.True(File.Exists(file), $"{file} is not built.");
        string[] command = [.. openFiles is { } limit ? ["prlimit", $"--nofile={limit}:{limit}"] : Array.Empty<string>(), "dotnet", file, .. arguments];
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            UseShellExecute = false,
            WorkingDirectory = workingDirectory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        foreach (var variable in start.Environment.Keys.Where(key => key.StartsWith("SHORTLINE__", StringComparison.OrdinalIgnoreCase)).ToArray())
            start.Environment.Remove(variable);
        foreach (var (variable, value) in environment)
            start.Environment[variable] = value;

        // The processes of a test live for seconds: they spend most of their time in the compiler, and profiling code for a better one
        // never pays.
        start.Environment["DOTNET_TieredPGO"] = "0";

        var program = new ProgramProcess(new Process { StartInfo = start }, $"{Path.GetFileName(file)} {string.Join(' ', arguments)}");
        program._process.OutputDataReceived += (_, line) => program.Add(program._output, line.Data);
        program._process.ErrorDataReceived += (_, line) => program.Add(program._error, line.Data);
        program._process.Start();
        program._process.BeginOutputReadLine();
        program._process.BeginErrorReadLine();
        return program;
    }

    /// <summary>Waits until a line on either stream contains <paramref name="text"/>, and returns that line.</summary>
    public async Task<string> WaitForLine(string text)
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            var written = Volatile.Read(ref _written).Task;
            if ((Find(Output) ?? Find(Error)) is { } line)
                return line;
            if (_process.HasExited)
                await _process.WaitForExitAsync(); // Returns after the last line was read.
            if (_process.HasExited && (Find(Output) ?? Find(Error)) is null)
                Assert.Fail($"ended with {_process.ExitCode} before it wrote '{text}'.\n{Describe()}");
            var left = Limit - Stopwatch.GetElapsedTime(started);
            if (left <= TimeSpan.Zero)
                Assert.Fail($"'{text}' was not written within {Limit.TotalSeconds} s.\n{Describe()}");
            await Task.WhenAny(written, _process.WaitForExitAsync(), Task.Delay(left, TimeProvider.System));
        }

        string? Find(string lines) => lines.Split('\n').FirstOrDefault(line => line.Contains(text, StringComparison.Ordinal));
    }

    /// <summary>Waits until the process has ended, and returns its exit code.</summary>
    public async Task<int> WaitForExit()
    {
        try
        {
            // Returns after the last line was read.
            await _process.WaitForExitAsync().WaitAsync(Limit, TimeProvider.System);
        }
        catch (TimeoutException)
        {
            Assert.Fail($"did not end within {Limit.TotalSeconds} s.\n{Describe()}");
        }

        return _process.ExitCode;
    }

    /// <summary>Sends SIGINT, as Ctrl-C does.</summary>
    public Task Interrupt() => Signal("INT");

    /// <summary>Sends SIGTERM, as a service manager does.</summary>
    public Task Terminate() => Signal("TERM");

    /// <summary>Suspends the process, as a debugger or a paused virtual machine does.</summary>
    public Task Pause() => Signal("STOP");

    /// <summary>Resumes the process after <see cref="Pause"/>.</summary>
    public Task Resume() => Signal("CONT");

    /// <summary>Kills the process, as a crash does.</summary>
    public async Task Kill()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
    }

    /// <summary>The command line and all output, for the message of a failing test.</summary>
    public string Describe() => $"{_name}\n--- standard output ---\n{Output}--- standard error ---\n{Error}---";

    public async ValueTask DisposeAsync()
    {
        if (IsRunning)
            await Kill();
        _process.Dispose();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Sends a signal by its name without SIG.</summary>
    public async Task Signal(string signal)
    {
        using var kill = Process.Start("kill", ["-s", signal, _process.Id.ToString()]);
        await kill.WaitForExitAsync();
    }

    private void Add(StringBuilder lines, string? line)
    {
        if (line is null)
            return;
        lock (_lock)
            lines.Append(line).Append('\n');
        Interlocked.Exchange(ref _written, NewSignal()).SetResult();
    }

    private string Read(StringBuilder lines)
    {
        lock (_lock)
            return lines.ToString();
    }
}
