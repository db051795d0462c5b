using System.Net;
using Shortline.Bench.Loss;
using Shortline.Client;
using Shortline.System.Tests.Processes;

namespace Shortline.Bench.Algorithms;

/// <summary>A silo with a fixed number of servers, and gateways, as processes.</summary>
internal sealed class RealFleet : IDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    private readonly TemporaryFolder _folder = new();
    private readonly List<ChildProcess> _processes = [];

    /// <summary>Many clients, because <c>consistent_hash</c> assigns clients to servers.</summary>
    private const int ClientsPerGateway = 100;

    /// <summary>The clients, one gateway after the other. They do not retry.</summary>
    internal List<ShortlineClient> Clients { get; } = [];

    /// <summary>Starts a fleet and waits until every gateway knows every server.</summary>
    internal static async Task<RealFleet> StartAsync(AlgorithmsOptions options, string algorithm, CancellationToken cancellationToken)
    {
        var fleet = new RealFleet();
        try
        {
            string[] common =
            [
                "--cluster:id", $"bench-{Guid.NewGuid():N}"[..14], "--cluster:folder", ".", "--load_balancer:algorithm", algorithm, "--server:weights", string.Join(',', options.Weights),
                "--server:count", $"{options.Weights.Count}", "--server:max_count", $"{options.Weights.Count}", "--server:max_per_silo", $"{options.Weights.Count}",
                "--server:queue_limit", "100000", "--load_balancer:server_scaling_threshold", "1000000", "--load_balancer:refresh_interval_ms", "100",
                "--load_balancer:max_timeout_ms", "3600000", "--server:port_range_start", "10000", "--server:port_range_end", "11000",
            ];
            var ports = Enumerable.Range(0, options.Gateways).Select(_ => FreePorts.Next()).ToList();
            string[] inSilo = options.Gateways == 1 ? ["--gateway", "--load_balancer:client_side_port", $"{ports[0]}"] : [];
            fleet.Start("bench", [BenchSilo.Verb, "0", .. common, .. inSilo, "--controller:port", $"{FreePorts.Next()}"]);
            foreach (var port in options.Gateways == 1 ? [] : ports)
                fleet.Start("Gateway", [.. common, "--port", $"{port}", "--controller:port", $"{FreePorts.Next()}"]);
            for (var client = 0; client < ClientsPerGateway * ports.Count; client++)
            {
                fleet.Clients.Add(new ShortlineClient(new ShortlineClientOptions
                {
                    ClientId = client,
                    Gateways = [new IPEndPoint(IPAddress.Loopback, ports[client % ports.Count])],
                    Retries = 0,
                    Throttle = false,
                    TimeoutMs = 3_600_000,
                    InFlightLimit = 100_000,
                }));
            }

            for (var gateway = 0; gateway < ports.Count; gateway++)
                await fleet.WaitForAllServersAsync([.. fleet.Clients.Where((_, client) => client % ports.Count == gateway)], options.Weights.Count, cancellationToken);
            return fleet;
        }
        catch
        {
            fleet.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        foreach (var client in Clients)
            client.Dispose();
        foreach (var process in _processes)
            process.Dispose();
        _folder.Dispose();
    }

    private void Start(string project, IEnumerable<string> arguments)
    {
        var program = Path.Combine(AppContext.BaseDirectory, $"Shortline.{project}.dll");
        var process = ChildProcess.Start("dotnet", [program, .. arguments], _folder.Path);
        process.ReadOutputAside();
        _processes.Add(process);
    }

    /// <summary>Sends many requests at once through one gateway, until every server has answered one.</summary>
    private async Task WaitForAllServersAsync(List<ShortlineClient> clients, int servers, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(StartLimit, TimeProvider.System);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        try
        {
            while (seen.Count < servers)
            {
                var requests = Enumerable.Range(0, 20 * servers).Select(i => clients[i % clients.Count].SendAsync(TimedWork.Operation, "{\"seconds\":0.01,\"speeds\":[1]}"u8.ToArray(), timeoutMs: 1000).AsTask());
                foreach (var reply in await Task.WhenAll(requests).WaitAsync(stop.Token))
                {
                    if (reply is { IsOk: true, ServerId: { } server })
                        seen.Add(server);
                }
            }
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            throw new TargetFailedException(
                $"Only {seen.Count} of {servers} servers have answered within {StartLimit.TotalSeconds} s. {string.Join(Environment.NewLine, _processes.Select(process => process.LastLines))}");
        }
    }
}
