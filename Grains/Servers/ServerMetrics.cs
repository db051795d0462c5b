using System.Diagnostics.Metrics;
using Shortline.Protocol.Responses;

namespace Shortline.Grains.Servers;

/// <summary>The metrics of a silo's servers.</summary>
internal sealed class ServerMetrics
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "Shortline.Server";

    private static readonly KeyValuePair<string, object?>[] Statuses =
    [
        .. Enum.GetValues<ResponseStatus>().Order()
            .Select(status => KeyValuePair.Create("status", (object?)status.ToString().ToLowerInvariant())),
    ];

    private readonly Counter<long> _answered;
    private readonly Histogram<double> _serviceTime;
    private readonly UpDownCounter<int> _waiting;
    private readonly UpDownCounter<int> _inService;

    public ServerMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _answered = meter.CreateCounter<long>("shortline.server.requests", "{request}", "Requests answered, by status.");
        _serviceTime = meter.CreateHistogram<double>("shortline.server.request.duration", "s", "Time handlers took, by operation.");
        _waiting = meter.CreateUpDownCounter<int>("shortline.server.queue.length", "{request}", "Requests waiting, by server.");
        _inService = meter.CreateUpDownCounter<int>("shortline.server.in_service", "{request}", "Requests that workers have, by server.");
    }

    /// <summary>Counts an answer.</summary>
    public void Answered(ResponseStatus status)
    {
        if (_answered.Enabled)
            _answered.Add(1, Statuses[(int)status]);
    }

    /// <summary>Records the time that a handler took.</summary>
    public void Served(string operation, double seconds)
    {
        if (_serviceTime.Enabled)
            _serviceTime.Record(seconds, KeyValuePair.Create("operation", (object?)operation));
    }

    /// <summary>Adds to the load of a server; see <see cref="ServerLoadGauge"/>.</summary>
    /// <param name="server">The server's id.</param>
    /// <param name="waiting">The change of its waiting requests.</param>
    /// <param name="inService">The change of its requests in service.</param>
    public void LoadChanged(string server, int waiting, int inService)
    {
        var tag = KeyValuePair.Create("server", (object?)server);
        if (waiting != 0)
            _waiting.Add(waiting, tag);

        if (inService != 0)
            _inService.Add(inService, tag);
    }
}

/// <summary>
/// The load of one server as <see cref="ServerMetrics"/> has it: the metrics add up changes, so this remembers the last values.
/// </summary>
internal sealed class ServerLoadGauge(string server, ServerMetrics metrics)
{
    private int _waiting;
    private int _inService;

    /// <summary>Sets the server's load.</summary>
    public void Set(int waiting, int inService)
    {
        metrics.LoadChanged(server, waiting - _waiting, inService - _inService);
        (_waiting, _inService) = (waiting, inService);
    }
}
