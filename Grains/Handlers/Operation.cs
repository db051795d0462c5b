using Microsoft.Extensions.Logging;
using Shortline.Balancing.Overload;
using Shortline.Grains.ExternalServers;

namespace Shortline.Grains.Handlers;

/// <summary>An operation and its handler, shared by the servers of a silo.</summary>
/// <param name="name">The operation's name.</param>
/// <param name="handler">Its handler.</param>
/// <param name="logger">The log for failures of the handler.</param>
/// <param name="time">The clock that limits how often failures are logged.</param>
/// <param name="exposesErrors">Whether clients get the messages of exceptions that leave the handler.</param>
/// <param name="serviceTime">How long the handler usually takes; null to learn that for this operation alone.</param>
internal sealed partial class Operation(
    string name, IWorkHandler handler, ILogger logger, TimeProvider time, bool exposesErrors = false, ServiceTime? serviceTime = null)
{
    private long _nextLog = long.MinValue;
    private long _unlogged;

    public string Name { get; } = name;

    public IWorkHandler Handler { get; } = handler;

    public bool RunsInline { get; } = handler.RunsInline;

    /// <summary>How long its handler usually takes, in timestamp units. Shared by the servers of the silo, so a new one knows it too.</summary>
    public ServiceTime ServiceTime { get; } = serviceTime ?? new ServiceTime();

    /// <summary>
    /// Whether results are known to be JSON: the gateway has parsed what echo writes, and the forwarder what an external server answers.
    /// </summary>
    public bool ResultIsJson { get; } = handler is EchoHandler or ForwardingHandler;

    /// <summary>Logs an exception that left the handler, at most once a second. Safe from any thread.</summary>
    /// <returns>The text for the client.</returns>
    public string Failed(Exception fault)
    {
        var now = time.GetTimestamp();
        var next = Volatile.Read(ref _nextLog);
        if (now < next || Interlocked.CompareExchange(ref _nextLog, now + time.TimestampFrequency, next) != next)
            Interlocked.Increment(ref _unlogged);
        else
            LogFailed(logger, fault, Name, Interlocked.Exchange(ref _unlogged, 0));
        return exposesErrors ? fault.Message : $"the handler of '{Name}' failed: the server's log says why";
    }
}
