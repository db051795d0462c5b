using System.CommandLine;
using System.Net;
using Shortline.Client.Tool.Load;
using Shortline.Client.Tool.Verbs;
using Shortline.Hosting.Settings;
using Shortline.Hosting.Settings.Sections;
using Shortline.Hosting.Start;
using Shortline.Protocol.Requests;

namespace Shortline.Client.Tool;

/// <summary>The tool's command line.</summary>
internal sealed class ToolOptions
{
    private readonly Option<long?> _requests = new("--requests") { Description = "Requests of all clients together. 100 if there is no --duration or --pause either.", HelpName = "N", CustomParser = OptionValues.Number<long>(1, long.MaxValue) };
    private readonly Option<TimeSpan?> _duration = new("--duration") { Description = "How long to send: 500ms, 10s, 2m, 1h.", HelpName = "TIME", CustomParser = OptionValues.Duration };
    private readonly Option<int?> _clients = new("--clients") { Description = "Clients at once, each with a port of its own. Default: client.count.", HelpName = "N", CustomParser = OptionValues.Number<int>(1, 10_000) };
    private readonly Option<double?> _rate = new("--rate") { Description = "Requests a second, on a schedule that does not depend on answers (open loop).", HelpName = "N", CustomParser = OptionValues.Number<double>(0.001, 10_000_000) };
    private readonly Option<int?> _outstanding = new("--outstanding") { Description = "Without --rate: requests in flight per client. Default: 1.", HelpName = "N", CustomParser = OptionValues.Number<int>(1, 8192) };
    private readonly Option<PauseRange?> _pause = new("--pause") { Description = "Each client sends without an end and pauses in between for a time, or for a random one: 5s, 1s..10s.", HelpName = "TIME", CustomParser = OptionParsers.Pause };
    private readonly Option<string> _operation = new("--operation") { Description = "What to ask for.", HelpName = "NAME", DefaultValueFactory = _ => "echo" };
    private readonly Option<byte[]?> _payload = new("--payload") { Description = "The request's payload, a JSON value.", HelpName = "JSON", CustomParser = OptionParsers.Json };
    private readonly Option<TimeSpan?> _timeout = new("--timeout") { Description = "Time of a request, retries included. Default: client.timeout_ms.", HelpName = "TIME", CustomParser = OptionValues.Duration };
    private readonly Option<int?> _retries = new("--retries") { Description = "How often a request is sent again at most. Default: client.retries.", HelpName = "N", CustomParser = OptionValues.Number<int>(0, 100) };
    private readonly Option<long?> _clientId = new("--client-id") { Description = "Id of the first client; others follow. Default: client.start_id.", HelpName = "N", CustomParser = OptionValues.Number<long>(0, long.MaxValue - 10_000) };
    private readonly Option<int?> _priority = new("--priority") { Description = "How important the requests are, 0 to 9: under overload, lower ones are refused first. Default: 5.", HelpName = "N", CustomParser = OptionValues.Number<int>(0, RequestParser.HighestPriority) };
    private readonly Option<bool> _noThrottle = new("--no-throttle")
    {
        Description = "Sends every request, to measure the servers. Otherwise clients send only a part while servers refuse most requests.",
    };

    private readonly Option<bool> _once = new("--once-only") { Description = "Requests say \"idempotent\": false: they are never run twice." };
    private readonly Option<string?> _report = new("--report") { Description = "Writes the figures to this file, as JSON; - is standard output, and what is shown goes to standard error.", HelpName = "FILE" };
    private readonly Option<bool> _tcp = new("--tcp") { Description = "Sends over TCP instead of UDP; get downloads files as streams from the servers' own ports." };
    private readonly Option<bool> _direct = new("--direct") { Description = "Sends over TCP directly to servers, which gateways name." };
    private readonly TlsOptions _tls;
    private readonly Option<string?> _config = new("--config") { Description = "Settings file. Default: config.json, if it is there.", HelpName = "FILE" };
    private readonly Option<IPEndPoint[]?> _gateways = new("--gateway")
    {
        Description = "Where to send; given several times, clients are spread over them and retry on the next. Default: load_balancer.address and client_side_port.",
        HelpName = "HOST:PORT",
        CustomParser = OptionParsers.Gateways,
        Arity = ArgumentArity.OneOrMore,
    };

    public ToolOptions()
    {
        _operation.Validators.Add(result =>
        {
            var name = result.GetValueOrDefault<string>() ?? "";
            if (!RequestParser.IsOperation(System.Text.Encoding.UTF8.GetBytes(name)))
                result.AddError($"--operation '{name}' is not a name: 1 to 64 letters, digits, '_', '.' or '-'.");
        });
        _direct.Validators.Add(result =>
        {
            if (result is { Implicit: false } && result.GetResult(_tcp) is { Implicit: false })
                result.AddError("--tcp and --direct exclude each other.");
        });
        _pause.Validators.Add(result =>
        {
            if (result is { Implicit: false } && (result.GetResult(_rate) is { Implicit: false } || result.GetResult(_outstanding) is { Implicit: false }))
                result.AddError("--pause excludes --rate and --outstanding.");
        });
        _tls = new TlsOptions(_tcp, _direct);
        Option[] common = [_gateways, _tcp, _direct, .. _tls.All, _timeout, _retries, _config];
        Files = new FileVerbs(common);
        Compute = new ComputeVerb(common);
        Ask = new AskVerb([_gateways, _tcp, .. _tls.All, _timeout, _config]);
        Command = new RootCommand("Sends requests to a Shortline gateway and says how it went; ls, get, compute and ask send single requests. Exit code 0: every request was answered ok; 1: not; 2: wrong usage.\n"
            + "Any setting can be given as well: --client:port_range_start 40000 (docs/configuration.md).")
        {
            _requests, _duration, _clients, _rate, _outstanding, _pause, _operation, _payload, _timeout, _retries, _gateways, _tcp, _direct,
            _clientId, _priority, _once, _noThrottle, _report, _config,
            Files.List, Files.Get, Compute.Command, Ask.Command,
        };
        foreach (var option in _tls.All)
            Command.Options.Add(option);
    }

    public RootCommand Command { get; }

    public FileVerbs Files { get; }

    public ComputeVerb Compute { get; }

    public AskVerb Ask { get; }

    public string? Config(ParseResult parsed) => parsed.GetValue(_config);

    public string? Report(ParseResult parsed) => parsed.GetValue(_report);

    /// <summary>Whether the command line has a timeout.</summary>
    public bool HasTimeout(ParseResult parsed) => parsed.GetValue(_timeout) is not null;

    /// <summary>The load that the command line describes. Missing options come from the settings.</summary>
    public LoadSettings Load(ParseResult parsed, ShortlineSettings settings)
    {
        var (duration, pause) = (parsed.GetValue(_duration), parsed.GetValue(_pause));
        return new LoadSettings
        {
            Requests = parsed.GetValue(_requests) ?? (duration is null && pause is null ? 100 : null),
            Pause = pause,
            Duration = duration,
            Clients = parsed.GetValue(_clients) ?? settings.Client.Count,
            Rate = parsed.GetValue(_rate),
            Outstanding = parsed.GetValue(_outstanding) ?? 1,
            Operation = parsed.GetValue(_operation)!,
            Payload = parsed.GetValue(_payload) ?? [],
            TimeoutMs = TimeoutMs(parsed, settings),
            Retries = parsed.GetValue(_retries) ?? settings.Client.Retries,
            RetryBudgetPercent = settings.Client.RetryBudgetPercent,
            RetryBudgetPerSecond = settings.Client.RetryBudgetPerSecond,
            Throttle = !parsed.GetValue(_noThrottle),
            Priority = parsed.GetValue(_priority) ?? RequestParser.UsualPriority,
            Idempotent = !parsed.GetValue(_once),
            StartId = parsed.GetValue(_clientId) ?? settings.Client.StartId,
            PortRangeStart = settings.Client.PortRangeStart,
            PortRangeEnd = settings.Client.PortRangeEnd,
            Gateways = Gateways(parsed, settings),
            Transport = Transport(parsed),
            Tls = _tls.Read(parsed),
        };
    }

    /// <summary>The options of the client that a verb uses. Missing options come from the settings.</summary>
    public ShortlineClientOptions Client(ParseResult parsed, ShortlineSettings settings) => new()
    {
        Gateways = Gateways(parsed, settings),
        Transport = Transport(parsed),
        Tls = _tls.Read(parsed),
        TimeoutMs = TimeoutMs(parsed, settings),
        Retries = parsed.GetValue(_retries) ?? settings.Client.Retries,
        RetryBudgetPercent = settings.Client.RetryBudgetPercent,
        RetryBudgetPerSecond = settings.Client.RetryBudgetPerSecond,
        PortRangeStart = settings.Client.PortRangeStart,
        PortRangeEnd = settings.Client.PortRangeEnd,
    };

    /// <summary>The run of <c>ask</c>: one request to the first gateway.</summary>
    public AskRun AskRun(ParseResult parsed, ShortlineSettings settings, TextReader input, TextWriter output, TextWriter error) => Ask.Run(
        parsed, Gateways(parsed, settings)[0], parsed.GetValue(_tcp), _tls.Read(parsed), TimeSpan.FromMilliseconds(TimeoutMs(parsed, settings)), input, output, error);

    private ClientTransport Transport(ParseResult parsed) =>
        parsed.GetValue(_direct) ? ClientTransport.Direct : parsed.GetValue(_tcp) ? ClientTransport.Tcp : ClientTransport.Udp;

    private int TimeoutMs(ParseResult parsed, ShortlineSettings settings) =>
        parsed.GetValue(_timeout) is { } timeout ? (int)Math.Ceiling(timeout.TotalMilliseconds) : settings.Client.TimeoutMs;

    private IPEndPoint[] Gateways(ParseResult parsed, ShortlineSettings settings) =>
        parsed.GetValue(_gateways) is { Length: > 0 } gateways ? gateways : [GatewayOf(settings.LoadBalancer)];

    private static IPEndPoint GatewayOf(LoadBalancerSettings settings)
    {
        var address = IPAddress.Parse(settings.Address);
        if (address.Equals(IPAddress.Any))
            address = IPAddress.Loopback; // a gateway that listens on all addresses listens on loopback too
        else if (address.Equals(IPAddress.IPv6Any))
            address = IPAddress.IPv6Loopback;
        return new IPEndPoint(address, settings.ClientSidePort);
    }
}
