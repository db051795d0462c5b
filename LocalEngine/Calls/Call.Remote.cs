using Orleans.Runtime;

namespace Shortline.LocalEngine;

/// <content>Between processes. There are two calls then: one waits where it was made, the other one runs where the grain is.</content>
internal abstract partial class Call
{
    private Travel? _travel;

    /// <summary>Who of another process waits for the result; null if the caller is of this process or does not wait.</summary>
    protected Connection? Origin => _travel?.Origin;

    /// <summary>The call's number there.</summary>
    protected long OriginNumber => _travel!.OriginNumber;

    /// <summary>The token that the grain gets.</summary>
    public CancellationToken Token => Origin?.TokenOf(OriginNumber) ?? CancellationToken.None;

    /// <summary>Writes the arguments. Emitted.</summary>
    public abstract void WriteArguments(WireWriter writer);

    /// <summary>Reads the arguments. Emitted.</summary>
    public abstract void ReadArguments(WireReader reader);

    /// <summary>Ends it with a result that was sent.</summary>
    public abstract void ReadResult(WireReader reader);

    /// <summary>Fills in the address of a call that came from another process.</summary>
    public void BeginServing(GrainMethod method, GrainId grainId, Party server, Connection origin, long number)
    {
        Method = method;
        GrainId = grainId;
        Caller = server;
        if (number != 0)
        {
            _travel = new Travel { Origin = origin, OriginNumber = number };
        }
    }

    /// <summary>It waits for a result from there.</summary>
    public void SentOver(Connection connection, long number)
    {
        _travel ??= new Travel();
        _travel.SentOver = connection;
        _travel.SentNumber = number;
    }

    /// <summary>How often it was sent on.</summary>
    public int Redirects => _travel?.Redirects ?? 0;

    /// <summary>How often it was sent on, with this time.</summary>
    public int CountRedirect() => ++(_travel ??= new Travel()).Redirects;

    /// <summary>Has the caller send it to another silo, if the caller is in another process and waits.</summary>
    public bool TryRedirect(SiloAddress silo)
    {
        if (Origin is not { } origin)
        {
            return false;
        }

        if (TryClaim())
        {
            origin.AnswerRedirect(OriginNumber, silo);
        }

        return true;
    }

    /// <summary>The caller gave up: a result that still comes finds nobody.</summary>
    private void StopWaiting(Exception reason) =>
        _travel?.SentOver?.Forget(_travel.SentNumber, cancel: reason is OperationCanceledException);

    /// <summary>Apart, for calls within the process are many and should be small.</summary>
    private sealed class Travel
    {
        public Connection? SentOver { get; set; }

        public long SentNumber { get; set; }

        public int Redirects { get; set; }

        public Connection? Origin { get; init; }

        public long OriginNumber { get; init; }
    }
}
