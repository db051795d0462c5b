using System.Net;
using System.Text.RegularExpressions;
using Shortline.System.Tests.Processes;

namespace Shortline.Bench.Loss;

/// <summary>
/// Silos and gateways as processes, with a folder, ports and a cluster of their own. The benchmark reads their state from their logs, as a
/// user does.
/// </summary>
internal sealed partial class LossFleet : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly TemporaryFolder _folder = new();
    private readonly List<LossProcess> _started = [];
    private readonly LossScenario _scenario;
    private readonly LossOptions _options;
    private readonly LogLines _lines;
    private readonly string _cluster = $"bench-{Guid.NewGuid():N}"[..14];
    private int _named;

    private LossFleet(LossScenario scenario, LossOptions options, StreamWriter? log)
    {
        _scenario = scenario;
        _options = options;
        _lines = new LogLines(log);
    }

    /// <summary>The running silos.</summary>
    internal List<LossProcess> Silos { get; } = [];

    internal List<LossProcess> Gateways { get; } = [];

    internal List<IPEndPoint> EndPoints { get; } = [];

    /// <summary>Where external servers report to each gateway.</summary>
    internal List<IPEndPoint> ServerSides { get; } = [];

    /// <summary>The silo that hosts the controller: the one with the controller's latest log line.</summary>
    internal LossProcess ControllerSilo =>
        _lines.LastOf(" controller default: ") is { } line && Silos.Find(silo => silo.Name == line.Process) is { } silo
            ? silo
            : throw new TargetFailedException("No silo has logged a line of the controller.");

    /// <summary>A silo that does not host the controller.</summary>
    internal LossProcess OtherSilo => ControllerSilo is var controller ? Silos.First(silo => silo != controller) : null!;

    /// <summary>Returns the id of the server that was started last on a silo.</summary>
    /// <param name="silo">The number of the silo, from 1.</param>
    internal string ServerOn(int silo) =>
        _lines.LastOf($" is started on s{silo}")?.Text is { } line && StartedServer().Match(line) is { Success: true } match
            ? match.Groups["id"].Value
            : throw new TargetFailedException($"No server was started on s{silo}.");

    /// <summary>Starts a fleet and waits until every silo has a server and every gateway accepts requests.</summary>
    internal static async Task<LossFleet> StartAsync(LossScenario scenario, LossOptions options, StreamWriter? log, CancellationToken cancellationToken)
    {
        var fleet = new LossFleet(scenario, options, log);
        try
        {
            if (options.ConnectionString is not null)
                await fleet.PrepareDatabaseAsync(cancellationToken);
            for (var i = 0; i < scenario.Silos; i++)
                await fleet.StartSiloAsync(cancellationToken, mayTakeServers: i < scenario.Servers);
            for (var i = 0; i < 2; i++)
                await fleet.StartGatewayAsync(cancellationToken);
            return fleet;
        }
        catch
        {
            fleet.Dispose();
            throw;
        }
    }

    /// <summary>Starts another silo and waits until it has a server.</summary>
    internal async Task StartSiloAsync(CancellationToken cancellationToken, bool mayTakeServers = true)
    {
        var name = $"s{++_named}";
        var slowerMs = _named == _scenario.Silos ? _scenario.SlowerMs : 0;
        string[] settings = [$"--server:count={_scenario.Servers}", $"--server:max_per_silo={(_scenario.SlowerMs > 0 ? 1 : _scenario.Servers)}"];
        var silo = Start(name, [BenchSilo.Verb, $"{slowerMs}", "--name", name, .. settings, .. Common()]);
        Silos.Add(silo);
        await _lines.WaitAsync($"Silo {name} is ready", silo, Limit, cancellationToken);
        if (mayTakeServers)
            await _lines.WaitAsync($" is started on {name}", silo, Limit, cancellationToken);
    }

    /// <summary>Kills a process, as a crash does.</summary>
    internal async Task KillAsync(LossProcess process, CancellationToken cancellationToken)
    {
        await process.SignalAsync("KILL");
        await process.Process.WaitForExitAsync(cancellationToken);
        Silos.Remove(process);
    }

    /// <summary>Stops a silo as a service manager does, and waits until it has ended.</summary>
    internal async Task EndAsync(LossProcess silo, CancellationToken cancellationToken)
    {
        await silo.SignalAsync("TERM");
        await silo.Process.WaitForExitAsync(cancellationToken).WaitAsync(Limit, TimeProvider.System, cancellationToken);
        Silos.Remove(silo);
    }

    public void Dispose()
    {
        // All processes: paused ones end by this too, and ones that have ended release their resources.
        foreach (var process in _started)
            process.Dispose();
        _folder.Dispose();
    }

    private async Task StartGatewayAsync(CancellationToken cancellationToken)
    {
        var (port, serverSide) = (FreePorts.Next(), FreePorts.Next());
        var name = $"g{Gateways.Count + 1}";
        var program = Path.Combine(AppContext.BaseDirectory, "Shortline.Gateway.dll");
        string[] arguments = [program, "--name", name, "--port", $"{port}", $"--load_balancer:server_side_port={serverSide}", .. Common()];
        var gateway = Watch(name, ChildProcess.Start("dotnet", arguments, _folder.Path, Environment()));
        Gateways.Add(gateway);
        EndPoints.Add(new IPEndPoint(IPAddress.Loopback, port));
        ServerSides.Add(new IPEndPoint(IPAddress.Loopback, serverSide));
        await _lines.WaitAsync($"Listening on 127.0.0.1:{port} (UDP and TCP)", gateway, Limit, cancellationToken);
    }

    private async Task PrepareDatabaseAsync(CancellationToken cancellationToken)
    {
        var prepare = Start("prepare", [BenchSilo.Verb, "0", "--prepare-database", .. Common()]);
        await prepare.Process.WaitForExitAsync(cancellationToken).WaitAsync(Limit, TimeProvider.System, cancellationToken);
    }

    private LossProcess Start(string name, IEnumerable<string> arguments) => Watch(name, ChildProcess.StartSelf(arguments, _folder.Path, Environment()));

    private LossProcess Watch(string name, ChildProcess child)
    {
        var process = new LossProcess(name, child);
        _started.Add(process);
        child.Written = line => _lines.Add(name, line);
        child.ReadOutputAside();
        return process;
    }

    private string[] Common() => [$"--cluster:id={_cluster}", $"--cluster:folder={_folder.Path}", $"--controller:port={FreePorts.Next()}"];

    /// <summary>
    /// The connection string contains a password, and every user of the machine can read command lines, so it goes into the environment.
    /// </summary>
    private Dictionary<string, string> Environment() => _options.ConnectionString is { } connection
        ? new(StringComparer.Ordinal) { ["SHORTLINE__cluster__membership"] = "postgresql", ["SHORTLINE__cluster__connection_string"] = connection }
        : [];

    [GeneratedRegex(@"server (?<id>\d+) is started on ", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex StartedServer();
}
