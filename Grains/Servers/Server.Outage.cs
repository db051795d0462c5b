using Shortline.GrainInterfaces;

namespace Shortline.Grains;

/// <content>What only a server has whose work is done elsewhere: it can be out of reach, and back.</content>
internal sealed partial class Server
{
    /// <summary>Takes over what is said where the work is done.</summary>
    /// <param name="concurrency">Requests that are worked on at once.</param>
    /// <param name="weight">Share of work relative to other servers.</param>
    /// <param name="elsewhere">Requests that wait there and did not come from here.</param>
    public void Adjust(int concurrency, int weight, int elsewhere)
    {
        _workers.Resize(concurrency);
        (_weight, _elsewhere) = (weight, elsewhere);
        Changes++;
        Dispatch();
    }

    /// <summary>Something that reports tell has changed.</summary>
    public void Changed() => Changes++;

    /// <summary>Nobody is there to do the work: takes nothing, and gives back what waits.</summary>
    public void Suspend()
    {
        if (Status != ServerStatus.Ready)
            return;

        Status = ServerStatus.Failed;
        _elsewhere = 0;
        RejectWaiting();
    }

    /// <summary>
    /// Gives up what is in service: it is not answered any more. The new incarnation tells gateways so, and they give it to other servers where that is
    /// safe.
    /// </summary>
    /// <param name="incarnation">Larger than the one before.</param>
    public void LoseInService(long incarnation)
    {
        _expired.Clear();
        _workers.FindOpen(_expired);
        foreach (var job in _expired)
        {
            job.IsClosed = true;
            job.Gateway.Pending--;
            _unanswered--;
            job.Cancel();
        }

        Incarnation = incarnation;
        Changes++;
    }

    /// <summary>The work can be done again. To gateways it is as good as a new server, which warms up.</summary>
    /// <param name="incarnation">Larger than the one before.</param>
    public void Resume(long incarnation)
    {
        if (Status is not (ServerStatus.Failed or ServerStatus.Draining))
            return;

        (Status, Incarnation) = (ServerStatus.Ready, incarnation);
        _startedAt = _time.GetTimestamp();
        Changes++;
        Dispatch();
    }
}
