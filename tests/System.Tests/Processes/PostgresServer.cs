using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Shortline.System.Tests.Processes;

/// <summary>
/// A PostgreSQL of the tests' own (and of the loss benchmark's), from the installed binaries: a new data folder, a free port of loopback,
/// a password. It never outlives the tests, and nothing of a PostgreSQL that runs on this machine is touched.
/// </summary>
internal sealed class PostgresServer : IAsyncDisposable
{
    public const string User = "shortline";

    /// <summary>Told to the programs in their connection string and looked for in all that they write: it has to be nowhere.</summary>
    public const string Password = "s3cret-of-the-tests";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly DirectoryInfo _folder;
    private readonly StringBuilder _log = new();
    private Process? _server;
    private int _databases;

    private PostgresServer(DirectoryInfo folder) => _folder = folder;

    public int Port { get; } = FreePorts.Next();

    /// <summary>The connection string of an empty database that is always there.</summary>
    public string ConnectionString => ConnectionStringOf("postgres");

    private string DataFolder => Path.Combine(_folder.FullName, "data");

    /// <summary>Makes it and waits until it takes connections.</summary>
    public static async Task<PostgresServer> Start()
    {
        var postgres = new PostgresServer(Directory.CreateTempSubdirectory("shortline-postgres-"));
        try
        {
            await postgres.Initialize();
            await postgres.Run();
            return postgres;
        }
        catch
        {
            await postgres.DisposeAsync();
            throw;
        }
    }

    /// <summary>Makes an empty database, for tests that share the server, and returns its connection string.</summary>
    public async Task<string> NewDatabase()
    {
        var name = $"fleet_{Interlocked.Increment(ref _databases)}";
        await Ask("postgres", $"CREATE DATABASE {name}");
        return ConnectionStringOf(name);
    }

    /// <summary>Runs a statement in a database of <see cref="NewDatabase"/>, and returns what it answers: a line a row, <c>|</c> between columns.</summary>
    public async Task<string> Ask(string database, string sql)
    {
        using var psql = new Process { StartInfo = PostgresBinaries.Of("psql", "-h", "127.0.0.1", "-p", $"{Port}", "-U", User, "-d", database, "-XAtc", sql) };
        psql.StartInfo.Environment["PGPASSWORD"] = Password;
        return await ToTheEnd(psql);
    }

    /// <summary>The database of a connection string.</summary>
    public static string NameOf(string connectionString) =>
        connectionString.Split(';').Single(part => part.StartsWith("Database=", StringComparison.Ordinal))["Database=".Length..];

    public string ConnectionStringOf(string database) =>
        $"Host=127.0.0.1;Port={Port};Database={database};Username={User};Password={Password}";

    /// <summary>Starts it again after <see cref="Stop"/>, on the same port and with all that it had.</summary>
    public async Task Run()
    {
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var server = new Process
        {
            // Nothing here has to survive a power cut.
            StartInfo = PostgresBinaries.Unprivileged(
                "postgres", "-D", DataFolder, "-p", $"{Port}", "-h", "127.0.0.1", "-k", "", "-F", "-c", "max_connections=200"),
        };
        server.ErrorDataReceived += (_, line) =>
        {
            lock (_log)
                _log.AppendLine(line.Data);
            if (line.Data is null)
                ready.TrySetException(new InvalidOperationException($"PostgreSQL has ended:\n{Log()}"));
            else if (line.Data.Contains("ready to accept connections", StringComparison.Ordinal))
                ready.TrySetResult();
        };
        server.Start();
        server.BeginErrorReadLine();
        _server = server;
        try
        {
            await ready.Task.WaitAsync(Limit, TimeProvider.System);
        }
        catch (TimeoutException late)
        {
            throw new InvalidOperationException($"PostgreSQL takes no connections after {Limit.TotalSeconds} s:\n{Log()}", late);
        }
    }

    /// <summary>Ends it; what it has stored stays until it is disposed of.</summary>
    public async Task Stop()
    {
        if (_server is null)
            return;
        if (!_server.HasExited)
        {
            // Fast shutdown: connections are ended. Killed, its own processes would stay for a while.
            using var kill = Process.Start("kill", ["-s", "INT", $"{_server.Id}"]);
            await kill.WaitForExitAsync();
        }

        await _server.WaitForExitAsync().WaitAsync(Limit, TimeProvider.System);
        _server.Dispose();
        _server = null;
    }

    /// <summary>Ends it at once, as a crash does, with the processes that it started. They would hold its shared memory for a while.</summary>
    public async Task Kill()
    {
        if (_server is null)
            return;
        var children = (await File.ReadAllTextAsync($"/proc/{_server.Id}/task/{_server.Id}/children")).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        _server.Kill();
        await _server.WaitForExitAsync().WaitAsync(Limit, TimeProvider.System);
        _server.Dispose();
        _server = null;
        foreach (var child in children)
        {
            try
            {
                using var process = Process.GetProcessById(int.Parse(child, CultureInfo.InvariantCulture));
                process.Kill();
                await process.WaitForExitAsync().WaitAsync(Limit, TimeProvider.System);
            }
            catch (ArgumentException)
            {
                // It has noticed by itself and ended.
            }
            catch (InvalidOperationException)
            {
                // The same, between the two calls.
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Stop();
        _folder.Delete(recursive: true);
    }

    private async Task Initialize()
    {
        var passwordFile = Path.Combine(_folder.FullName, "password");
        await File.WriteAllTextAsync(passwordFile, Password);
        await PostgresBinaries.GiveToServer(_folder.FullName, passwordFile);
        using var initdb = new Process
        {
            StartInfo = PostgresBinaries.Unprivileged(
                "initdb", "-D", DataFolder, "-U", User, "-A", "scram-sha-256", "--pwfile", passwordFile, "-E", "UTF8", "--locale=C", "-N"),
        };
        await ToTheEnd(initdb);
    }

    private static async Task<string> ToTheEnd(Process process)
    {
        process.StartInfo.RedirectStandardOutput = true;
        process.Start();
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync().WaitAsync(Limit, TimeProvider.System);
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? output.TrimEnd()
            : throw new InvalidOperationException($"{process.StartInfo.FileName} {string.Join(' ', process.StartInfo.ArgumentList)}\n{await error}{output}");
    }

    private string Log()
    {
        lock (_log)
            return _log.ToString();
    }
}
