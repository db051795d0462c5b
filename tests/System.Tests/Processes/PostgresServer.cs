using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Shortline.System.Tests.Processes;

/// <summary>
/// A PostgreSQL server for the tests, started from the installed binaries, with a new data folder, a free port on loopback and a password.
/// It ends with the tests, and does not touch a PostgreSQL server that already runs on this machine.
/// </summary>
internal sealed class PostgresServer : IAsyncDisposable
{
    public const string User = "shortline";

    /// <summary>The programs get it in their connection string. It must be in nothing that they write.</summary>
    public const string Password = "s3cret-of-the-tests";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly DirectoryInfo _folder;
    private readonly StringBuilder _log = new();
    private Process? _server;
    private int _databases;

    private PostgresServer(DirectoryInfo folder) => _folder = folder;

    public int Port { get; } = FreePorts.Next();

    /// <summary>The connection string of the database <c>postgres</c>, which is empty.</summary>
    public string ConnectionString => ConnectionStringOf("postgres");

    private string DataFolder => Path.Combine(_folder.FullName, "data");

    /// <summary>Starts a server and waits until it accepts connections.</summary>
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

    /// <summary>Creates an empty database, for tests that share the server, and returns its connection string.</summary>
    public async Task<string> NewDatabase()
    {
        var name = $"fleet_{Interlocked.Increment(ref _databases)}";
        await Query("postgres", $"CREATE DATABASE {name}");
        return ConnectionStringOf(name);
    }

    /// <summary>
    /// Runs a statement in a database of <see cref="NewDatabase"/>, and returns its result: one line per row, with <c>|</c> between
    /// columns.
    /// </summary>
    public async Task<string> Query(string database, string sql)
    {
        using var psql = new Process { StartInfo = PostgresBinaries.Of("psql", "-h", "127.0.0.1", "-p", $"{Port}", "-U", User, "-d", database, "-XAtc", sql) };
        psql.StartInfo.Environment["PGPASSWORD"] = Password;
        return await RunToEnd(psql);
    }

    /// <summary>Returns the database that a connection string names.</summary>
    public static string NameOf(string connectionString) =>
        connectionString.Split(';').Single(part => part.StartsWith("Database=", StringComparison.Ordinal))["Database=".Length..];

    public string ConnectionStringOf(string database) =>
        $"Host=127.0.0.1;Port={Port};Database={database};Username={User};Password={Password}";

    /// <summary>Starts the server again after <see cref="Stop"/> or <see cref="Kill"/>, on the same port and with its data.</summary>
    public async Task Run()
    {
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var server = new Process
        {
            // -F: no fsync, because nothing here must survive a power cut.
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
            throw new InvalidOperationException($"PostgreSQL accepts no connections after {Limit.TotalSeconds} s:\n{Log()}", late);
        }
    }

    /// <summary>Stops the server. Its data stays until this object is disposed of.</summary>
    public async Task Stop()
    {
        if (_server is null)
            return;
        if (!_server.HasExited)
        {
            // INT is PostgreSQL's fast shutdown, which closes connections. After a kill its child processes would stay for a while.
            using var kill = Process.Start("kill", ["-s", "INT", $"{_server.Id}"]);
            await kill.WaitForExitAsync();
        }

        await _server.WaitForExitAsync().WaitAsync(Limit, TimeProvider.System);
        _server.Dispose();
        _server = null;
    }

    /// <summary>Kills the server, as a crash does, and its child processes, which would hold its shared memory for a while.</summary>
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
                // The child noticed the end of the server and has ended.
            }
            catch (InvalidOperationException)
            {
                // The child ended between the two calls.
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
        await RunToEnd(initdb);
    }

    private static async Task<string> RunToEnd(Process process)
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
