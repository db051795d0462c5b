using Shortline.Balancing.Choosing;

namespace Shortline.Balancing.Health;

/// <summary>
/// Ejects a server after consecutive failures. After a while the server gets one request on trial, and returns if that succeeds (Envoy's
/// outlier detection, <c>consecutive_5xx</c>).
/// </summary>
/// <remarks>
/// A failure is a failed handler or a request without a response in time. A rejected request is no failure: a full server is busy. If the
/// trial fails, the server is ejected again, for longer. If the trial has no result, another one is allowed after the time of a first
/// ejection. Each period of that length without an ejection shortens the next one by one step. Not safe for several threads.
/// </remarks>
/// <param name="settings">When servers are ejected, and for how long.</param>
/// <param name="random">
/// The random source. Each ejection is extended by up to a tenth, so that several gateways do not start trials at the same moment.
/// </param>
public sealed class OutlierDetector(OutlierSettings settings, Random random)
{
    private const double Jitter = 0.1;

    private readonly SlotTable<Record> _records = new();

    /// <summary>The number of ejected servers, those on trial included.</summary>
    public int Ejected { get; private set; }

    /// <summary>Whether a server must not receive requests.</summary>
    public bool IsOut(int slot, double nowMs)
    {
        ref readonly var record = ref _records[slot];
        return record.IsEjected && nowMs < record.UntilMs;
    }

    /// <summary>Whether a server is ejected or on trial.</summary>
    public bool IsEjected(int slot) => _records[slot].IsEjected;

    /// <summary>Records that a request is sent to a server. If the server is ejected, this request is its trial.</summary>
    public void Picked(int slot, double nowMs)
    {
        ref var record = ref _records[slot];
        if (record.IsEjected)
            (record.IsOnTrial, record.UntilMs) = (true, nowMs + settings.EjectMs);
    }

    /// <summary>Records how a request ended.</summary>
    /// <param name="slot">The slot of the server.</param>
    /// <param name="failed">Whether the request failed.</param>
    /// <param name="servers">The number of servers, ejected ones included.</param>
    /// <param name="nowMs">The time in milliseconds.</param>
    /// <returns>Whether the server was ejected or readmitted.</returns>
    public OutlierVerdict Observe(int slot, bool failed, int servers, double nowMs)
    {
        ref var record = ref _records[slot];
        if (record is { IsEjected: true, IsOnTrial: false })
        {
            // The request was sent before the ejection, so it must neither end nor extend the ejection.
            return OutlierVerdict.None;
        }

        if (!failed)
        {
            record.Failures = 0;
            if (!record.IsEjected)
                return OutlierVerdict.None;

            Readmit(ref record, nowMs);
            return OutlierVerdict.Readmitted;
        }

        record.Failures++;
        if (record.IsEjected)
        {
            Extend(ref record, nowMs);
            return OutlierVerdict.None;
        }

        if (settings.Failures == 0 || record.Failures < settings.Failures || !IsRoom(servers))
            return OutlierVerdict.None;

        record.Times = Math.Max(0, record.Times - (int)((nowMs - record.BackSinceMs) / settings.EjectMs));
        record.IsEjected = true;
        Ejected++;
        Extend(ref record, nowMs);
        return OutlierVerdict.Ejected;
    }

    /// <summary>Forgets the server of a slot.</summary>
    public void Removed(int slot)
    {
        if (_records[slot].IsEjected)
            Ejected--;
        _records[slot] = default;
    }

    private bool IsRoom(int servers) => servers > 1 && Ejected < Math.Max(1, servers * settings.MostPercent / 100);

    private void Extend(ref Record record, double nowMs)
    {
        record.IsOnTrial = false;
        record.Times++;
        var ms = Math.Min((double)settings.EjectMs * record.Times, settings.MostEjectMs);
        record.UntilMs = nowMs + (ms * (1 + (Jitter * random.NextDouble())));
    }

    private void Readmit(ref Record record, double nowMs)
    {
        (record.IsEjected, record.IsOnTrial) = (false, false);
        record.BackSinceMs = nowMs;
        Ejected--;
    }

    private struct Record
    {
        public int Failures;
        public int Times;
        public bool IsEjected;
        public bool IsOnTrial;
        public double UntilMs;
        public double BackSinceMs;
    }
}

/// <summary>When servers are ejected, and for how long. The defaults are those of Envoy.</summary>
/// <param name="Failures">The number of consecutive failures that eject a server; 0 disables ejection.</param>
/// <param name="EjectMs">
/// The duration of the first ejection in milliseconds. The second takes twice as long, the third three times, and so on.
/// </param>
/// <param name="MostEjectMs">The maximum duration of an ejection in milliseconds.</param>
/// <param name="MostPercent">
/// The maximum percentage of servers that are ejected at the same time. One server always may be, unless it is the only one.
/// </param>
public sealed record OutlierSettings(int Failures = 5, int EjectMs = 30_000, int MostEjectMs = 300_000, int MostPercent = 10);

/// <summary>The result of <see cref="OutlierDetector.Observe"/>.</summary>
public enum OutlierVerdict
{
    /// <summary>The state of the server has not changed.</summary>
    None,

    /// <summary>The server is ejected.</summary>
    Ejected,

    /// <summary>The server is readmitted.</summary>
    Readmitted,
}
