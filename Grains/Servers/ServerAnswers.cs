using Shortline.GrainInterfaces.Requests;
using Shortline.Protocol.Responses;

namespace Shortline.Grains.Servers;

/// <summary>
/// The answers to accepted requests: which are outstanding, and which wait in a gateway's outbox until the grain pushes them.
/// </summary>
internal sealed class ServerAnswers(ServerTally tally)
{
    /// <summary>The gateways that send to this server.</summary>
    public GatewayOutboxes Gateways { get; } = new();

    /// <summary>Accepted requests without an answer.</summary>
    public int Outstanding { get; private set; }

    /// <summary>Counts a request that was accepted.</summary>
    public void Expect(GatewayOutbox gateway)
    {
        tally.Changed();
        gateway.Pending++;
        Outstanding++;
    }

    /// <summary>Answers a job. The body is the one begun last in the buffer of the job's gateway.</summary>
    public void Answer(Job job, ResponseStatus status, RejectReason reason = RejectReason.None, int serviceTimeUs = 0)
    {
        Close(job);
        tally.Answered(status);
        job.Gateway.Responses.Add(job.Ticket, status, reason, serviceTimeUs);
    }

    /// <summary>Answers a job without a body.</summary>
    public void AnswerEmpty(Job job, ResponseStatus status, RejectReason reason = RejectReason.None, int serviceTimeUs = 0)
    {
        job.Gateway.Responses.Bodies.BeginResult();
        Answer(job, status, reason, serviceTimeUs);
    }

    /// <summary>Gives up a job: it is never answered.</summary>
    public void GiveUp(Job job) => Close(job);

    private void Close(Job job)
    {
        job.IsClosed = true;
        job.Gateway.Pending--;
        Outstanding--;
    }
}
