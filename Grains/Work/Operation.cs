using Microsoft.Extensions.Logging;

namespace Shortline.Grains;

/// <summary>An operation and its handler, as the servers of a silo use it.</summary>
/// <param name="name">The operation's name.</param>
/// <param name="handler">Its handler.</param>
/// <param name="logger">Takes the handler's failures.</param>
/// <param name="time">Spaces those out.</param>
internal sealed partial class Operation(string name, IWorkHandler handler, ILogger logger, TimeProvider time)
{
    private long _nextLog = long.MinValue;
    private long _unlogged;

    public string Name { get; } = name;

    public IWorkHandler Handler { get; } = handler;

    public bool RunsInline { get; } = handler.RunsInline;

    /// <summary>Whether results need no check: what echo writes, the gateway has read as JSON, and what comes from elsewhere, who received it.</summary>
    public bool ResultIsJson { get; } = handler is EchoHandler or ForwardingHandler;

    /// <summary>Logs an exception that left the handler, at most once a second. Safe from any thread.</summary>
    public void Failed(Exception fault)
    {
        var now = time.GetTimestamp();
        var next = Volatile.Read(ref _nextLog);
        if (now < next || Interlocked.CompareExchange(ref _nextLog, now + time.TimestampFrequency, next) != next)
            Interlocked.Increment(ref _unlogged);
        else
            LogFailed(logger, fault, Name, Interlocked.Exchange(ref _unlogged, 0));
    }
}
