using System.Text;

namespace Shortline.Gateway;

/// <summary>
/// One server as this gateway sees it: what it knows of its queue, what it has sent there, and the outbox of what it is about to send.
/// </summary>
/// <remarks>Touched only under the dispatcher's lock, but for <see cref="Calls"/>, which has one owner at a time.</remarks>
internal sealed class ServerLink(string id, int ordinal, IServerGrain grain, int batchLimit)
{
    public string Id => id;

    /// <summary>The id as it stands in responses.</summary>
    public byte[] Utf8Id { get; } = Encoding.UTF8.GetBytes(id);

    /// <summary>A number of its own among all links this gateway ever had.</summary>
    public int Ordinal => ordinal;

    /// <summary>This link's bit in <see cref="PendingRequest.Tried"/>.</summary>
    public ulong TriedBit => 1UL << (ordinal & 63);

    public IServerGrain Grain => grain;

    /// <summary>Wakes the loop that makes the calls.</summary>
    public CallSignal Calls { get; } = new();

    /// <summary>Tickets that wait for the next call.</summary>
    public Queue<long> Outbox { get; } = new();

    /// <summary>The memory of the call that is under way.</summary>
    public BatchBuffer Batch { get; set; } = new(batchLimit);

    /// <summary>Whether a call is under way or about to start.</summary>
    public bool Calling { get; set; }

    /// <summary>Requests that this gateway has given to the server and that are not answered.</summary>
    public int InFlight { get; set; }

    /// <summary>Requests given since the latest news of the server's queue.</summary>
    public int SentSinceNews { get; set; }

    /// <summary>The latest report or reply, whichever is newer.</summary>
    public ServerNews News { get; private set; }

    public ServerStatus Status { get; set; }

    public int Concurrency { get; set; } = 1;

    public int Weight { get; set; } = 1;

    public double ServiceTimeMs { get; set; }

    /// <summary>When the server became ready, by this gateway's clock.</summary>
    public long ReadySince { get; set; }

    /// <summary>When it last answered anything, or got work after having none.</summary>
    public long ProgressAt { get; set; }

    /// <summary>It has work and answers nothing: gets no more until it does.</summary>
    public bool Stalled { get; set; }

    /// <summary>When others were last given what it has, since it stalled.</summary>
    public long OthersTriedAt { get; set; }

    /// <summary>A call to it failed: its silo is gone. Stays so until a newer incarnation shows up.</summary>
    public bool Unreachable { get; set; }

    /// <summary>Left the ranking. Kept until what was in flight is settled.</summary>
    public bool Retired { get; set; }

    /// <summary>When it left the ranking after a drain, if something was still in flight.</summary>
    public long? LeftAt { get; set; }

    /// <summary>Takes over news of the server's queue unless something newer is known.</summary>
    /// <returns>Whether it was newer.</returns>
    public bool Learn(in ServerNews news)
    {
        if (!news.IsNewerThan(News))
        {
            return false;
        }

        News = news;
        SentSinceNews = Outbox.Count;
        return true;
    }

    /// <summary>Requests the server has, as well as this gateway can tell.</summary>
    public int EstimateLoad(int gateways) =>
        StaleCorrection.Estimate(News.Load, News.OfThisGateway, InFlight, SentSinceNews, gateways);
}
