using System.Diagnostics.Metrics;
using Shortline.Protocol;

namespace Shortline.Grains;

/// <summary>What the servers of a silo can be watched by.</summary>
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

    public void Answered(ResponseStatus status)
    {
        if (_answered.Enabled)
            _answered.Add(1, Statuses[(int)status]);
    }

    public void Served(string operation, double seconds)
    {
        if (_serviceTime.Enabled)
            _serviceTime.Record(seconds, KeyValuePair.Create("operation", (object?)operation));
    }

    public void LoadChanged(string server, int waiting, int inService)
    {
        var tag = KeyValuePair.Create("server", (object?)server);
        if (waiting != 0)
            _waiting.Add(waiting, tag);

        if (inService != 0)
            _inService.Add(inService, tag);
    }
}
