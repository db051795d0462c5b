using System.Text;
using System.Text.Json;

namespace Shortline.Gateway;

/// <summary>
/// One server as this gateway sees it: what it knows of its queue, what it has sent there, and the outbox of what it is about to send.
/// </summary>
/// <remarks>Touched only under the dispatcher's lock.</remarks>
internal sealed class ServerLink(string id, string siloAddress, int ordinal, IServerGrain grain, int batchLimit)
{
    private (string Host, int Port) _location = ("", 0);

    public string Id => id;

    /// <summary>The run of the silo it lives on. The same id on another silo is another server, with a link of its own.</summary>
    public string SiloAddress => siloAddress;

    /// <summary>The id as it stands in responses.</summary>
    public byte[] Utf8Id { get; } = Encoding.UTF8.GetBytes(id);

    /// <summary>A number of its own among all links this gateway ever had.</summary>
    public int Ordinal => ordinal;

    /// <summary>This link's bit in <see cref="PendingRequest.Tried"/>.</summary>
    public ulong TriedBit => 1UL << (ordinal & 63);

    /// <summary>Its place in what algorithms remember: see <see cref="Candidate.Slot"/>.</summary>
    public int Slot { get; set; }

    /// <summary>A hash of its id, the same at every gateway.</summary>
    public ulong Hash { get; } = StableHash.Of(id);

    public IServerGrain Grain => grain;

    /// <summary>Tickets that wait for the next call.</summary>
    public Queue<long> Outbox { get; } = new();

    /// <summary>Where calls to it are made at present.</summary>
    public CallLane Lane { get; private set; } = new(batchLimit);

    /// <summary>How long calls to it usually take.</summary>
    public CallPace Pace;

    /// <summary>Requests that this gateway has given to the server and that are not answered.</summary>
    public int InFlight { get; set; }

    /// <summary>Requests given since the latest news of the server's queue.</summary>
    public int SentSinceNews { get; set; }

    /// <summary>Clients sent to talk to it directly since the latest news: each is taken to have brought a request by now.</summary>
    public int LocatedSinceNews { get; set; }

    /// <summary>The latest report or reply, whichever is newer.</summary>
    public ServerNews News { get; private set; }

    public ServerStatus Status { get; set; }

    public int Concurrency { get; set; } = 1;

    public int Weight { get; set; } = 1;

    /// <summary>Clients are told where it is; it takes no requests from here.</summary>
    public bool IsLocateOnly { get; set; }

    public double ServiceTimeMs { get; set; }

    /// <summary>Whether clients can talk to it directly.</summary>
    public bool HasLocation => _location.Port > 0;

    /// <summary>Where: <c>["host",port]</c>.</summary>
    public byte[] Location { get; private set; } = [];

    /// <summary>When the server became ready, by this gateway's clock.</summary>
    public long ReadySince { get; set; }

    /// <summary>When it last answered anything, or got work after having none.</summary>
    public long ProgressAt { get; set; }

    /// <summary>When anything last came from it.</summary>
    public long HeardAt { get; set; }

    /// <summary>When it was last asked whether it is there, while it was thought not to be; and whether it has answered.</summary>
    public (long At, bool Answered) Probe { get; set; } = (long.MinValue / 2, true);

    /// <summary>It has work and answers nothing: gets no more until it does.</summary>
    public bool Stalled { get; set; }

    /// <summary>When others were last given what it has, since it stalled.</summary>
    public long OthersTriedAt { get; set; }

    /// <summary>A call to it failed or had no answer: its silo is gone or has stopped. Gets nothing until it speaks again.</summary>
    public bool Unreachable { get; set; }

    /// <summary>Left the ranking. Kept until what was in flight is settled.</summary>
    public bool Retired { get; set; }

    /// <summary>When it left the ranking after a drain, if something was still in flight.</summary>
    public long? LeftAt { get; set; }

    /// <summary>Takes over where its own endpoint is; port 0 if it has none.</summary>
    public void LiveAt(string host, int port)
    {
        if (_location != (host, port))
        {
            _location = (host, port);
            Location = Encoding.UTF8.GetBytes($"[\"{JsonEncodedText.Encode(host)}\",{port}]");
        }
    }

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
        LocatedSinceNews = 0;
        return true;
    }

    /// <summary>Leaves the lane to the call that hangs there.</summary>
    public void ChangeLane()
    {
        Lane.Abandoned = true;
        Lane = new CallLane(batchLimit);
    }

    /// <summary>Requests the server has, as well as this gateway can tell.</summary>
    public int EstimateLoad(int gateways) =>
        LocatedSinceNews + StaleCorrection.Estimate(News.Load, News.OfThisGateway, InFlight, SentSinceNews, gateways);
}
