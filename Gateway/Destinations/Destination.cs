using System.Text;
using System.Text.Json;
using Shortline.Balancing.Choosing;
using Shortline.Gateway.HandOver;
using Shortline.Gateway.Requests;
using Shortline.GrainInterfaces.Servers;

namespace Shortline.Gateway.Destinations;

/// <summary>
/// A server as this gateway sees it: the known state of its queue, the requests in flight there, and the outbox of requests to send.
/// </summary>
/// <remarks>Protected by <see cref="ServerFleet.Lock"/>.</remarks>
internal sealed class Destination
{
    private (string Host, int Port) _location = ("", 0);
    private List<Destination>? _changes;
    private List<Destination>? _watched;

    public Destination(string id, string siloAddress, bool isLocal, IServerGrain grain, BatchPool batches)
    {
        (Id, SiloAddress, IsLocal, Grain) = (id, siloAddress, isLocal, grain);
        Utf8Id = Encoding.UTF8.GetBytes(id);
        Hash = StableHash.Of(id);
        Outbox = new Outbox(batches);
        Sender = new BatchSender(this);
    }

    public string Id { get; }

    /// <summary>
    /// The silo that hosts the server, including its run. The same id on another silo is another server with another destination.
    /// </summary>
    public string SiloAddress { get; }

    /// <summary>The id in UTF-8, as it is written to responses.</summary>
    public byte[] Utf8Id { get; }

    /// <summary>Whether the server is in this process.</summary>
    public bool IsLocal { get; }

    /// <summary>
    /// Whether its requests are handed over without a grain call, by <see cref="LocalWork"/>. Only if it is in this process.
    /// </summary>
    public required bool IsCalledDirectly { get; init; }

    /// <summary>Its slot in the tables of policies: see <see cref="Candidate.Slot"/>.</summary>
    public int Slot { get; set; }

    /// <summary>A hash of the id; the same in every gateway.</summary>
    public ulong Hash { get; }

    public IServerGrain Grain { get; }

    /// <summary>The requests that wait for the next call.</summary>
    public Outbox Outbox { get; }

    /// <summary>Makes the calls at present.</summary>
    public BatchSender Sender { get; private set; }

    /// <summary>The abandoned senders whose call has not returned yet.</summary>
    public List<BatchSender> HungSenders { get; } = [];

    /// <summary>The usual duration of calls.</summary>
    public CallPace Pace;

    /// <summary>The number of requests that this gateway has assigned to the server and that are not answered.</summary>
    public int InFlight { get; private set; }

    /// <summary>The latest of the requests in flight, which lead to the others by <see cref="PendingRequest.NextAtServer"/>.</summary>
    public PendingRequest? Requests { get; private set; }

    /// <summary>The number of requests assigned since the latest report of the queue.</summary>
    public int SentSinceReport { get; private set; }

    /// <summary>The number of clients sent to the server directly since the latest report. Each is assumed to have sent a request.</summary>
    public int LocatedSinceReport { get; private set; }

    /// <summary>The state of the queue in the latest report or response.</summary>
    public QueueState Queue { get; private set; }

    /// <summary>The timestamp of that report or response.</summary>
    public long QueueKnownAt { get; private set; }

    /// <summary>The number of reports and responses so far that told something new of the queue.</summary>
    public long Reports { get; private set; }

    public ServerStatus Status { get; set; }

    public int Concurrency
    {
        get;
        set
        {
            field = value;
            NoteChange();
        }
    } = 1;

    public int Weight
    {
        get;
        set
        {
            field = value;
            NoteChange();
        }
    } = 1;

    /// <summary>Whether gateways only give the location of the server to clients and send no requests to it.</summary>
    public bool IsLocateOnly { get; set; }

    public double ServiceTimeMs { get; set; }

    /// <summary>How long a server takes to answer probes, if gateways send it no requests whose times would tell; otherwise 0.</summary>
    public double ProbedMs { get; set; }

    /// <summary>The number of clients that are connected to it directly and have no request there, according to the latest report.</summary>
    public int RestingClients
    {
        get;
        set
        {
            field = value;
            NoteChange();
        }
    }

    /// <summary>Whether clients can connect to it directly.</summary>
    public bool HasLocation => _location.Port > 0;

    /// <summary>Its address for clients: <c>["host",port]</c>.</summary>
    public byte[] Location { get; private set; } = [];

    /// <summary>The timestamp at which the server became ready.</summary>
    public long ReadySince
    {
        get;
        set
        {
            field = value;
            NoteChange();
        }
    }

    /// <summary>The timestamp at which the server last completed a request, or received one while idle.</summary>
    public long ProgressAt { get; set; }

    /// <summary>The timestamp of the latest message from the server.</summary>
    public long HeardAt { get; set; }

    /// <summary>The timestamp of the latest probe of an unreachable or stalled server, and whether the server responded.</summary>
    public (long At, bool Answered) Probe { get; set; } = (long.MinValue / 2, true);

    /// <summary>Whether the server has work and completes nothing. It receives no more requests until it completes one.</summary>
    public bool Stalled
    {
        get;
        set
        {
            field = value;
            NoteChange();
            Watch();
        }
    }

    /// <summary>The timestamp at which requests of the stalled server were last sent to others.</summary>
    public long OthersTriedAt { get; set; }

    /// <summary>
    /// Whether a call failed or did not return: the silo is lost or hangs. The server receives no requests until it is heard from again.
    /// </summary>
    public bool Unreachable
    {
        get;
        set
        {
            field = value;
            NoteChange();
            Watch();
        }
    }

    /// <summary>Whether the server left the ranking. The destination is kept until the requests in flight are settled.</summary>
    public bool Retired
    {
        get;
        set
        {
            field = value;
            Watch();
        }
    }

    /// <summary>The timestamp at which the server left the ranking while requests were in flight; otherwise null.</summary>
    public long? LeftAt { get; set; }

    /// <summary>Whether the ranking says that the server accepts requests.</summary>
    public bool MayServe { get; set; }

    /// <summary>Whether its location may be given to clients.</summary>
    public bool MayBeLocated { get; set; }

    /// <summary>What <see cref="ServerChoice"/> thinks of it.</summary>
    public ServerStanding Standing { get; set; }

    /// <summary>Whether <see cref="ServerChoice"/> counts it among the good servers.</summary>
    public bool CountsAsGood { get; set; }

    /// <summary>Whether the policy is to be told of a change: see <see cref="NoteChangesIn"/>.</summary>
    public bool IsChangeNoted { get; set; }

    /// <summary>
    /// Whether there is something about the server that sweeps look at: a request, a call, or trouble. Most servers of a large fleet have
    /// nothing of this.
    /// </summary>
    public bool NeedsWatch => InFlight > 0 || Unreachable || Stalled || Retired || HungSenders.Count > 0 || Sender.CalledAt is not null;

    /// <summary>Whether it is in the list of <see cref="WatchIn"/>.</summary>
    public bool IsWatched { get; set; }

    /// <summary>The number of requests in the latest report, with those that this gateway has sent since.</summary>
    public int KnownLoad => EstimateLoad(gateways: 1);

    /// <summary>Estimates the number of requests at the server.</summary>
    public int EstimateLoad(int gateways) =>
        LocatedSinceReport + StaleCorrection.Estimate(Queue.Load, Queue.OfThisGateway, InFlight, SentSinceReport, gateways);

    /// <summary>Adds a request, which leaves with the next call.</summary>
    public void Add(PendingRequest request, long now)
    {
        if (InFlight == 0)
            ProgressAt = now;
        InFlight++;
        SentSinceReport++;
        request.NextAtServer = Requests;
        if (Requests is not null)
            Requests.PreviousAtServer = request;
        Requests = request;
        Outbox.Add(request);
        NoteChange();
        Watch();
    }

    /// <summary>Removes a request, which is answered or goes to another server.</summary>
    public void Remove(PendingRequest request)
    {
        InFlight--;
        if (request.PreviousAtServer is { } previous)
            previous.NextAtServer = request.NextAtServer;
        else
            Requests = request.NextAtServer;
        if (request.NextAtServer is { } next)
            next.PreviousAtServer = request.PreviousAtServer;
        (request.NextAtServer, request.PreviousAtServer) = (null, null);
        Outbox.Remove(request);
        NoteChange();
    }

    /// <summary>Counts a client that was sent to the server directly.</summary>
    public void CountLocated()
    {
        LocatedSinceReport++;
        NoteChange();
    }

    /// <summary>Applies a report of the queue unless a newer one is known.</summary>
    /// <returns>Whether it was applied.</returns>
    public bool Learn(in QueueState queue, long now)
    {
        if (!queue.IsNewerThan(Queue))
            return false;

        Queue = queue;
        QueueKnownAt = now;
        Reports++;
        SentSinceReport = Outbox.Count;
        LocatedSinceReport = 0;
        NoteChange();
        return true;
    }

    /// <summary>Sets the address for clients; port 0 if there is none.</summary>
    public void LiveAt(string host, int port)
    {
        if (_location == (host, port))
            return;
        _location = (host, port);
        Location = Encoding.UTF8.GetBytes($"[\"{JsonEncodedText.Encode(host)}\",{port}]");
    }

    /// <summary>Abandons the sender whose call hangs and creates a new one.</summary>
    public void ReplaceSender(long now)
    {
        Sender.AbandonedAt = now;
        HungSenders.Add(Sender);
        Sender = new BatchSender(this);
    }

    /// <summary>Adds the destination to a list whenever something has changed that a choice depends on; null to stop that.</summary>
    public void NoteChangesIn(List<Destination>? changes)
    {
        (_changes, IsChangeNoted) = (changes, false);
        NoteChange();
    }

    /// <summary>Notes that something has changed that a choice depends on.</summary>
    public void NoteChange()
    {
        if (IsChangeNoted || _changes is null)
            return;
        IsChangeNoted = true;
        _changes.Add(this);
    }

    /// <summary>Adds the destination to a list whenever it <see cref="NeedsWatch"/>.</summary>
    public void WatchIn(List<Destination> watched) => _watched = watched;

    private void Watch()
    {
        if (IsWatched || _watched is null || !NeedsWatch)
            return;
        IsWatched = true;
        _watched.Add(this);
    }
}
