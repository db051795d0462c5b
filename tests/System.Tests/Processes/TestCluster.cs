using System.Diagnostics;
using System.Globalization;

namespace Shortline.System.Tests.Processes;

/// <summary>
/// Silos and gateways as processes in one working directory, as many as a test starts. They form a cluster of their own, with port ranges
/// of its own, in which each silo takes the first free pair.
/// </summary>
internal sealed class TestCluster : IAsyncDisposable
{
    private readonly WorkingFolder _folder = new();
    private readonly List<ProgramProcess> _processes = [];
    private readonly string[] _settings;
    private readonly IReadOnlyDictionary<string, string> _environment;

    /// <summary>Makes a cluster without any process.</summary>
    /// <param name="database">
    /// The connection string of a prepared database, or of one to be prepared; null for membership in a SQLite file.
    /// </param>
    /// <param name="settings">Settings of all processes.</param>
    public TestCluster(string? database = null, params string[] settings)
    {
        _settings =
        [
            $"--cluster:id={Id}", $"--cluster:membership={MembershipOf(database)}", $"--cluster:folder={ClusterFolder}",
            "--controller:interval_ms=200",

            // Tests crash its processes and count what is lost. What piles up meanwhile may overload servers on a busy machine, and what they
            // refuse then is not lost.
            "--server:overload=queue", .. FreePorts.OfSilos(), .. settings,
        ];
        Database = database;
        _environment = database is null
            ? new Dictionary<string, string>(StringComparer.Ordinal)
            : new Dictionary<string, string>(StringComparer.Ordinal) { ["SHORTLINE__cluster__connection_string"] = database };
    }

    public string Id { get; } = $"test-{Guid.NewGuid():N}";

    /// <summary>The value of <c>cluster.folder</c>, which contains a folder per cluster id.</summary>
    public string ClusterFolder => _folder.PathOf("cluster");

    /// <summary>Returns the folder of the cluster with an id; of this cluster if the id is null.</summary>
    public string FolderOf(string? id = null) => Path.Combine(ClusterFolder, $"cluster-{id ?? Id}");

    /// <summary>Returns the SQLite file of the cluster with an id; of this cluster if the id is null.</summary>
    public string DatabaseOf(string? id = null) => Path.Combine(FolderOf(id), "members.db");

    /// <summary>The connection string of the database; null with a SQLite file.</summary>
    public string? Database { get; }

    /// <summary>All processes, in the order in which they were started.</summary>
    public IReadOnlyList<ProgramProcess> Processes => _processes;

    public string PathOf(string file) => _folder.PathOf(file);

    /// <summary>Starts a silo.</summary>
    public ProgramProcess StartSilo(string name, params IEnumerable<string> arguments) =>
        Start(ProgramFile.Silo, ["--name", name, .. _settings, .. arguments]);

    /// <summary>Starts a silo and waits until it is ready.</summary>
    public async Task<ProgramProcess> Silo(string name, params IEnumerable<string> arguments)
    {
        var silo = StartSilo(name, arguments);
        await silo.WaitForLine($"Silo {name} is ready");
        return silo;
    }

    /// <summary>Starts a gateway.</summary>
    public ProgramProcess StartGateway(int port, params IEnumerable<string> arguments) =>
        Start(ProgramFile.Gateway, ["--port", port.ToString(CultureInfo.InvariantCulture), .. _settings, .. arguments]);

    /// <summary>Starts a gateway and waits until it accepts requests.</summary>
    public async Task<ProgramProcess> Gateway(int port, params IEnumerable<string> arguments)
    {
        var gateway = StartGateway(port, arguments);
        await gateway.WaitForLine(" (UDP and TCP), gateway ");
        return gateway;
    }

    /// <summary>Starts another program with the cluster's settings.</summary>
    public ProgramProcess Run(string program, params IEnumerable<string> arguments) => Start(program, [.. _settings, .. arguments]);

    /// <summary>Starts the client tool.</summary>
    public ProgramProcess Client(int gateway, params IEnumerable<string> arguments) =>
        Start(ProgramFile.Client, [.. FreePorts.OfClients, "--gateway", $"127.0.0.1:{gateway}", .. arguments]);

    /// <summary>
    /// Runs the client tool to its end, and fails unless every request was answered ok. The timeout is long, because many processes may
    /// start on a machine with two cores.
    /// </summary>
    public async Task<ProgramProcess> AllOk(int gateway, params IEnumerable<string> arguments)
    {
        var client = Client(gateway, ["--timeout", "30s", .. arguments]);
        Assert.True(await client.WaitForExit() == 0, $"{client.Describe()}\n{Describe()}");
        return client;
    }

    /// <summary>Runs <c>--prepare-database</c> and returns its output.</summary>
    public async Task<string> PrepareDatabase()
    {
        var preparation = Run(ProgramFile.Silo, "--prepare-database");
        Assert.True(await preparation.WaitForExit() == 0, preparation.Describe());
        return preparation.Output;
    }

    /// <summary>Waits for a condition of which nobody is notified; fails with <paramref name="expectation"/> after the limit.</summary>
    public async Task WaitUntil(Func<Task<bool>> condition, string expectation)
    {
        var started = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(started) < ProgramProcess.Limit, $"Not within {ProgramProcess.Limit.TotalSeconds} s: {expectation}.\n{Describe()}");
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        }
    }

    /// <summary>Asserts that the processes wrote the password of the database nowhere.</summary>
    public void AssertNoSecret()
    {
        Assert.DoesNotContain("s3cret", Describe(), StringComparison.Ordinal);
        foreach (var log in Directory.EnumerateFiles(PathOf("."), "*.log", SearchOption.AllDirectories))
            Assert.DoesNotContain("s3cret", File.ReadAllText(log), StringComparison.Ordinal);
    }

    /// <summary>The output of all processes, for the message of a failing test.</summary>
    public string Describe() => string.Join('\n', _processes.Select(process => process.Describe()));

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes)
            await process.DisposeAsync();
        _folder.Dispose();
    }

    private static string MembershipOf(string? database) =>
        database is null ? "sqlite" : database.StartsWith("Host=", StringComparison.Ordinal) ? "postgresql" : "redis";

    private ProgramProcess Start(string program, IEnumerable<string> arguments)
    {
        // A setting of one process overrides the same setting of the cluster.
        var process = ProgramProcess.Start(program, _folder.Path, _environment, arguments.Reverse().DistinctBy(KeyOf, StringComparer.Ordinal).Reverse());
        _processes.Add(process);
        return process;
    }

    private static string KeyOf(string argument) => argument.Contains(':', StringComparison.Ordinal) && argument.Split('=') is [var key, _] ? key : $"{Guid.NewGuid()}";
}
