using System.Diagnostics;
using System.Text;

namespace Shortline.System.Tests.Processes;

/// <summary>
/// A Redis server for the tests, started from the installed program, with a new folder, a free port on loopback and a password. It ends
/// with the tests, and does not touch a Redis server that already runs on this machine.
/// </summary>
internal sealed class RedisServer : IAsyncDisposable
{
    /// <summary>The programs get it in their connection string. It must be in nothing that they write.</summary>
    public const string Password = "s3cret-of-the-tests";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("shortline-redis-");
    private readonly StringBuilder _log = new();
    private readonly bool _persistent;
    private Process? _server;

    private RedisServer(bool persistent) => _persistent = persistent;

    public int Port { get; } = FreePorts.Next();

    public string ConnectionString => $"127.0.0.1:{Port},password={Password}";

    /// <summary>Starts a server and waits until it accepts connections.</summary>
    /// <param name="persistent">Whether the server keeps its data when it is killed.</param>
    public static async Task<RedisServer> Start(bool persistent = true)
    {
        var redis = new RedisServer(persistent);
        try
        {
            await redis.Run();
            return redis;
        }
        catch
        {
            await redis.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts the server again after <see cref="Kill"/>, on the same port.</summary>
    public async Task Run()
    {
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var server = new Process
        {
            StartInfo = new ProcessStartInfo(
                "redis-server",
                [
                    "--port", $"{Port}", "--bind", "127.0.0.1", "--dir", _folder.FullName, "--requirepass", Password,
                    "--appendonly", _persistent ? "yes" : "no", "--save", "", "--daemonize", "no",
                ])
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
            },
        };
        server.OutputDataReceived += (_, line) =>
        {
            lock (_log)
                _log.AppendLine(line.Data);
            if (line.Data is null)
                ready.TrySetException(new InvalidOperationException($"Redis has ended:\n{Log()}"));
            else if (line.Data.Contains("Ready to accept connections", StringComparison.Ordinal))
                ready.TrySetResult();
        };
        try
        {
            server.Start();
            server.BeginOutputReadLine();
            _server = server;
            await ready.Task.WaitAsync(Limit, TimeProvider.System);
        }
        catch (global::System.ComponentModel.Win32Exception missing)
        {
            throw new InvalidOperationException("These tests start a Redis server, and it is not installed (Debian: apt-get install redis-server; .ci/run does it).", missing);
        }
        catch (TimeoutException late)
        {
            throw new InvalidOperationException($"Redis accepts no connections after {Limit.TotalSeconds} s:\n{Log()}", late);
        }
    }

    /// <summary>Kills the server, as a crash does.</summary>
    public async Task Kill()
    {
        if (_server is null)
            return;
        _server.Kill();
        await _server.WaitForExitAsync().WaitAsync(Limit, TimeProvider.System);
        _server.Dispose();
        _server = null;
    }

    /// <summary>Runs a command and returns its reply, one line per part.</summary>
    public async Task<string> Query(params IEnumerable<string> command)
    {
        var start = new ProcessStartInfo("redis-cli", ["-p", $"{Port}", "--no-auth-warning", .. command]) { UseShellExecute = false, RedirectStandardOutput = true };
        start.Environment["REDISCLI_AUTH"] = Password;
        using var client = Process.Start(start)!;
        var reply = await client.StandardOutput.ReadToEndAsync().WaitAsync(Limit, TimeProvider.System);
        await client.WaitForExitAsync();
        return reply.TrimEnd();
    }

    public async ValueTask DisposeAsync()
    {
        await Kill();
        _folder.Delete(recursive: true);
    }

    private string Log()
    {
        lock (_log)
            return _log.ToString();
    }
}
