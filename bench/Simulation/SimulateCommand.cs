using System.CommandLine;
using System.Globalization;
using Shortline.Balancing.Choosing;
using Shortline.Bench.Simulation.Model;
using Shortline.Bench.Simulation.Roles;

namespace Shortline.Bench.Simulation;

/// <summary>The command line of the simulator.</summary>
internal static class SimulateCommand
{
    private static readonly Option<string[]> Algorithms = new("--algorithms")
    {
        Description = "Algorithms, separated by spaces: " + string.Join(", ", BalancingPolicies.Names),
        DefaultValueFactory = _ => [.. BalancingPolicies.Names],
        AllowMultipleArgumentsPerToken = true,
    };

    private static readonly Option<int> Servers = new("--servers")
    {
        Description = "Number of servers, all of speed 1.",
        DefaultValueFactory = _ => 10,
    };

    private static readonly Option<string?> Speeds = new("--speeds")
    {
        Description = "Speed of each server, separated by commas, instead of --servers. A server of speed 0.5 takes twice the service time.",
    };

    private static readonly Option<string> Weights = new("--weights")
    {
        Description = "Weight of each server, separated by commas, or equal.",
        DefaultValueFactory = _ => "equal",
    };

    private static readonly Option<double> Load = new("--load")
    {
        Description = "Work that arrives, as a fraction of the capacity of all servers.",
        DefaultValueFactory = _ => 0.9,
    };

    private static readonly Option<int> Gateways = new("--gateways")
    {
        Description = "Number of gateways. Each request goes to a random one, and a gateway knows only its own requests.",
        DefaultValueFactory = _ => 1,
    };

    private static readonly Option<double> ReportEvery = new("--report-every")
    {
        Description = "Time between two reports of a server, in mean service times.",
        DefaultValueFactory = _ => 2,
    };

    private static readonly Option<Knowledge> KnownBy = new("--knowledge")
    {
        Description = "Information from which gateways estimate the load of a server.",
        DefaultValueFactory = _ => Knowledge.Product,
    };

    private static readonly Option<bool> FixedArrivals = new("--fixed-arrivals") { Description = "Requests arrive at equal intervals instead of at random moments." };

    private static readonly Option<ServiceShape> Service = new("--service")
    {
        Description = "Distribution of service times.",
        DefaultValueFactory = _ => ServiceShape.Exponential,
    };

    private static readonly Option<double> ServiceMs = new("--service-ms")
    {
        Description = "Mean service time in milliseconds, because some algorithms have constants in milliseconds.",
        DefaultValueFactory = _ => 50,
    };

    private static readonly Option<int> FailingServer = new("--failing-server")
    {
        Description = "Number of the server, from 0, that fails every request at once; -1 for none.",
        DefaultValueFactory = _ => -1,
    };

    private static readonly Option<int> Requests = new("--requests")
    {
        Description = "Number of requests of each run; the first tenth is not counted.",
        DefaultValueFactory = _ => 300_000,
    };

    private static readonly Option<int> Seed = new("--seed") { Description = "The same seed gives the same figures.", DefaultValueFactory = _ => 1 };

    private static readonly Option<FileInfo?> Chart = new("--chart")
    {
        Description = "Also draws the mean response time by load, for each algorithm, as SVG into this file.",
    };

    private static readonly Option<double> RequestCost = new("--request-us")
    {
        Description = "Processor time of a request at a gateway, and at a silo, in microseconds: half of CPU-s/100k of a gateway in a silo (bench udp), times 10.",
        DefaultValueFactory = _ => 3,
    };

    private static readonly Option<double> MessageCost = new("--message-us")
    {
        Description = "Processor time of a message at its sender, and at its receiver, in microseconds. The default is an estimate.",
        DefaultValueFactory = _ => 12,
    };

    private const int MostServers = 10_000;

    internal static int Run(string[] arguments)
    {
        var command = new RootCommand("Simulates a fleet with the algorithms of the product. Times are in mean service times.")
        {
            Algorithms, Servers, Speeds, Weights, Load, Gateways, ReportEvery, KnownBy, FixedArrivals, Service, ServiceMs, FailingServer, Requests, Seed, Chart,
        };
        var information = new Command("information", "Shows what old information costs: response times by what the gateway knows, for 10 servers at load 0.9.") { Requests, Seed };
        information.SetAction(parsed => InformationReport.Write(parsed.GetValue(Requests), parsed.GetValue(Seed), Console.Out));
        command.Subcommands.Add(information);
        var roles = new Command("roles", "Shows the messages and the processor time of each role as a fleet grows to 1,000 silos.") { RequestCost, MessageCost };
        roles.SetAction(parsed => RolesReport.Write(RoleCosts.Measure(parsed.GetValue(RequestCost), parsed.GetValue(MessageCost)), Console.Out));
        command.Subcommands.Add(roles);
        command.SetAction(Run);
        return command.Parse(arguments).Invoke();
    }

    private static int Run(ParseResult parsed)
    {
        var speeds = parsed.GetValue(Speeds) is { } list ? Numbers(list) : [.. Enumerable.Repeat(1.0, Math.Clamp(parsed.GetValue(Servers), 0, MostServers + 1))];
        var weights = parsed.GetValue(Weights) is "equal" ? [] : Numbers(parsed.GetValue(Weights)!);
        var options = new SimulateOptions
        {
            Algorithms = parsed.GetValue(Algorithms)!,
            Chart = parsed.GetValue(Chart),
            Fleet = new FleetModelSettings
            {
                Speeds = speeds,
                Weights = [.. weights.Select(weight => (int)weight)],
                Load = parsed.GetValue(Load),
                Gateways = parsed.GetValue(Gateways),
                ReportEvery = parsed.GetValue(ReportEvery),
                Knowledge = parsed.GetValue(KnownBy),
                Poisson = !parsed.GetValue(FixedArrivals),
                Service = parsed.GetValue(Service),
                ServiceMs = parsed.GetValue(ServiceMs),
                FailingServer = parsed.GetValue(FailingServer),
                Requests = parsed.GetValue(Requests),
                Seed = parsed.GetValue(Seed),
            },
        };
        string[] faults = [.. Faults(options)];
        foreach (var fault in faults)
            Console.Error.WriteLine(fault);
        if (faults.Length > 0)
            return 1;

        SimulationReport.Write(options, Console.Out);
        return 0;
    }

    private static IEnumerable<string> Faults(SimulateOptions options)
    {
        var fleet = options.Fleet;
        foreach (var unknown in options.Algorithms.Where(name => !BalancingPolicies.Exists(name)))
            yield return $"--algorithms: there is no {unknown}; allowed are {string.Join(", ", BalancingPolicies.Names)}.";
        if (fleet.Speeds.Count is < 1 or > MostServers)
            yield return $"--servers: allowed is 1 to {MostServers}.";
        if (fleet.Speeds.Any(speed => !(speed is > 0 and <= 1000)))
            yield return "--speeds: allowed are numbers above 0, to 1000, such as 1,1,0.5.";
        if (fleet.Weights.Count > 0 && (fleet.Weights.Count != fleet.Speeds.Count || fleet.Weights.Any(weight => weight is < 1 or > 1000)))
            yield return "--weights: allowed is equal, or as many whole numbers from 1 to 1000 as there are speeds.";
        if (fleet.Load is not (> 0 and < 1))
            yield return "--load: allowed is above 0 and below 1; at 1 and above the queues grow without limit.";
        if (fleet.Gateways is < 1 or > 1000)
            yield return "--gateways: allowed is 1 to 1000.";
        if (fleet.ReportEvery is not (> 0 and <= 1_000_000))
            yield return "--report-every: allowed is above 0, to 1000000.";
        if (fleet.ServiceMs is not (> 0 and <= 1_000_000))
            yield return "--service-ms: allowed is above 0, to 1000000.";
        if (fleet.FailingServer < -1 || fleet.FailingServer >= fleet.Speeds.Count)
            yield return "--failing-server: allowed is -1, or the number of a server from 0.";
        if (fleet.Requests is < 1000 or > 50_000_000)
            yield return "--requests: allowed is 1000 to 50000000.";
    }

    /// <summary>Parses numbers. A part that is not a number becomes NaN, which every check rejects.</summary>
    private static double[] Numbers(string list) =>
        [.. list.Split(',').Select(part => double.TryParse(part, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : double.NaN)];
}
