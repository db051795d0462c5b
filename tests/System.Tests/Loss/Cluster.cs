using System.Collections.Concurrent;
using System.Net;
using Shortline.Client.Tool.Load;
using Shortline.System.Tests.Processes;

namespace Shortline.System.Tests.Loss;

/// <summary>
/// Silos that record every request they run, and gateways, as processes of a <see cref="TestCluster"/>.
/// </summary>
internal sealed class Cluster : IAsyncDisposable
{
    private readonly TestCluster _processes;
    private int _named;

    private Cluster(string? database, string[] settings)
    {
        _processes = new TestCluster(database, settings);
        Directory.CreateDirectory(RunFolder);
    }

    /// <summary>The running silos by name.</summary>
    public ConcurrentDictionary<string, ProgramProcess> Silos { get; } = new(StringComparer.Ordinal);

    public List<ProgramProcess> Gateways { get; } = [];

    public List<IPEndPoint> EndPoints { get; } = [];

    /// <summary>The name of the silo that hosts the controller: the one with the controller's latest log line.</summary>
    public string ControllerSilo => Silos
        .Select(silo => (silo.Key, Line: silo.Value.Output.Split('\n').LastOrDefault(line => line.Contains(" controller default: ", StringComparison.Ordinal))))
        .Where(silo => silo.Line is not null)
        .MaxBy(silo => silo.Line, StringComparer.Ordinal) is { Key: { } name } // lines begin with their time
            ? name
            : throw new InvalidOperationException($"No silo has the controller.\n{Describe()}");

    /// <summary>The name of a silo that does not host the controller.</summary>
    public string OtherSilo => ControllerSilo is var controller ? Silos.Keys.Order(StringComparer.Ordinal).First(name => name != controller) : "";

    private string RunFolder => _processes.PathOf("runs");

    /// <summary>Starts a cluster and waits until every silo has a server and every gateway accepts requests.</summary>
    public static Task<Cluster> Start(int silos = 3, int gateways = 2, params string[] settings) => Start(null, silos, gateways, settings);

    /// <summary>Starts a cluster with its membership in a database; null for a SQLite file.</summary>
    public static async Task<Cluster> Start(string? database, int silos, int gateways, params string[] settings)
    {
        var cluster = new Cluster(database, [$"--server:count={silos}", .. settings]);
        try
        {
            if (database is not null)
                await cluster._processes.PrepareDatabase();
            for (var i = 0; i < silos; i++)
                await cluster.StartSilo();
            for (var i = 0; i < gateways; i++)
                await cluster.StartGateway();
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts the processes that are gone, ends silos that are too many, and waits until every silo has a server.</summary>
    public async Task Restore(int silos)
    {
        foreach (var (name, _) in Silos.Where(silo => !silo.Value.IsRunning))
            Silos.TryRemove(name, out var _);
        while (Silos.Count > silos)
            await End(OtherSilo);
        while (Silos.Count < silos)
            await StartSilo();
        for (var i = 0; i < Gateways.Count; i++)
        {
            if (!Gateways[i].IsRunning)
                Gateways[i] = await Gateway(i, EndPoints[i].Port);
        }
    }

    /// <summary>Starts one more silo and waits until it has a server.</summary>
    /// <param name="program">The program; the counting silo if null.</param>
    /// <returns>The name of the silo.</returns>
    public async Task<string> StartSilo(string? program = null)
    {
        var name = $"s{Interlocked.Increment(ref _named)}";
        var silo = _processes.Run(program ?? ProgramFile.CountingSilo, "--name", name, $"--controller:port={FreePorts.Next()}", RunFolder);
        await silo.WaitForLine($"Silo {name} is ready");
        Silos[name] = silo;
        await WaitForLineOfAnySilo($" is started on {name}");
        return name;
    }

    /// <summary>Kills a silo, as a crash does.</summary>
    public async Task Kill(string silo)
    {
        Silos.TryRemove(silo, out var process);
        await process!.Kill();
    }

    /// <summary>Stops a silo as a service manager does, and waits until it has left the cluster.</summary>
    public async Task End(string silo)
    {
        Silos.TryRemove(silo, out var process);
        await process!.Terminate();
        Assert.True(await process.WaitForExit() == 0, process.Describe());
    }

    /// <summary>Makes a load from clients that know all gateways.</summary>
    public LoadDriver Load(LoadSettings settings) => new(settings with
    {
        Gateways = EndPoints,
        Clients = 4,
        Operation = "count",
        Payload = "1"u8.ToArray(),
        TimeoutMs = 10_000,
        Throttle = false,
    });

    /// <summary>Counts how often each request of some clients has run, by client id and request id.</summary>
    public Dictionary<string, int> Runs(long firstClient, int clients) => Directory.EnumerateFiles(RunFolder)
        .SelectMany(File.ReadLines)
        .Where(line => long.Parse(line.AsSpan(0, line.IndexOf(' ', StringComparison.Ordinal))) is var client && client >= firstClient && client < firstClient + clients)
        .CountBy(line => line, StringComparer.Ordinal)
        .ToDictionary(StringComparer.Ordinal);

    public string PathOf(string file) => _processes.PathOf(file);

    /// <summary>Waits until any silo has written a text. Which silo hosts the controller changes.</summary>
    public async Task WaitForLineOfAnySilo(string text)
    {
        var waiting = Silos.Values.Select(silo => silo.WaitForLine(text)).ToList();
        while (await Task.WhenAny(waiting) is { IsCompletedSuccessfully: false } failed)
        {
            // A silo that was killed meanwhile does not write it.
            waiting.Remove(failed);
            if (waiting.Count == 0)
                await failed;
        }
    }

    public string Describe() => _processes.Describe();

    public ValueTask DisposeAsync() => _processes.DisposeAsync();

    private async Task StartGateway()
    {
        var port = FreePorts.Next();
        Gateways.Add(await Gateway(Gateways.Count, port));
        EndPoints.Add(new IPEndPoint(IPAddress.Loopback, port));
    }

    private Task<ProgramProcess> Gateway(int number, int port) => _processes.Gateway(port, "--name", $"g{number + 1}", $"--controller:port={FreePorts.Next()}");
}
