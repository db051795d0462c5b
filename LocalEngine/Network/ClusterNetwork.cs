using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Net.Sockets;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace Shortline.LocalEngine;

/// <summary>The part of a cluster that is in other processes of this machine: their silos, and the connections to them.</summary>
internal sealed class ClusterNetwork : IDisposable
{
    /// <summary>A call that was sent on this often is given up: the silos do not agree, and will in a moment.</summary>
    private const int MostRedirects = 4;

    /// <summary>An introduction takes a millisecond. Who was stopped does not answer, and is not waited for.</summary>
    private static readonly TimeSpan IntroductionLimit = TimeSpan.FromSeconds(1);

    private readonly Cluster _cluster;
    private readonly Membership _membership;
    private readonly ConcurrentDictionary<string, Connection> _connections = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<Connection, bool> _all = new();
    private readonly ConcurrentDictionary<GrainId, SiloAddress> _whereabouts = new();
    private ImmutableArray<RemoteSilo> _silos = [];
    private volatile bool _isOver;

    public ClusterNetwork(Cluster cluster, TimeProvider time, ILogger log)
    {
        _cluster = cluster;
        Time = time;
        Log = log;
        Identity = $"{Environment.ProcessId}-{Guid.NewGuid():N}";
        References = new ReferenceTravel(this);
        Folder = new ClusterFolder(cluster.Id);
        Storage = new FolderStorage(Folder.StatePath);
        _membership = new Membership(Folder, time, log, OnChanged, cluster.OnDeclaredDead, Rescue);
    }

    public TimeProvider Time { get; }

    public ILogger Log { get; }

    public ReferenceCodec References { get; }

    public ClusterFolder Folder { get; }

    public FolderStorage Storage { get; }

    /// <summary>This process, as others know it.</summary>
    public string Identity { get; }

    /// <summary>The silos of other processes.</summary>
    public ImmutableArray<RemoteSilo> Silos => _silos;

    public void Start() => _membership.Start();

    /// <summary>Looks who is there, now.</summary>
    public void Look()
    {
        if (!_isOver)
        {
            _membership.Look();
        }
    }

    /// <summary>Makes a silo of this process known to the others.</summary>
    /// <remarks>The first silo of a cluster finds nothing stored, whatever an earlier cluster of that name has left.</remarks>
    public LocalMember Publish(LocalSilo silo, string token)
    {
        using var joining = Folder.LockJoining();
        Look();
        if (_cluster.Silos.Count == 0)
        {
            Storage.Clear();
        }

        var elders = _silos;
        var member = _membership.Add(new SiloRecord(silo.Name, silo.Address.Port, silo.Address.Generation, silo.Status, Identity, token));

        // Those who were there before have to know of it before it hosts anything. Later ones find it, and wait for it.
        foreach (var elder in elders)
        {
            elder.Connection.AskToLook();
        }

        SpinWait.SpinUntil(() => elders.All(elder => elder.IsGone || elder.Connection.HasLooked), IntroductionLimit);
        return member;
    }

    public void Withdraw(LocalMember member) => _membership.Remove(member);

    /// <summary>
    /// Withdraws a silo that hosts nothing any more, and goes on telling callers where its grains are until everybody knows: what was sent here before
    /// somebody knew comes before the word that they do.
    /// </summary>
    public void Farewell(LocalMember member)
    {
        Withdraw(member);
        Connection[] all = [.. _all.Keys];
        Array.ForEach(all, connection => connection.AskToLook());
        SpinWait.SpinUntil(() => Array.TrueForAll(all, connection => connection.IsClosed || connection.HasLooked), IntroductionLimit);
    }

    /// <summary>Known only to those who may read the cluster's folder.</summary>
    public static string NewToken() => Convert.ToHexString(RandomNumberGenerator.GetBytes(16));

    /// <summary>Serves somebody who came to a silo of this process.</summary>
    /// <param name="socket">Accepted.</param>
    /// <param name="token">The silo's.</param>
    /// <param name="isOpen">Set once the silo hosts grains: until then nobody is answered.</param>
    public void Serve(Socket socket, string token, ManualResetEventSlim isOpen) => new Connection(this).Serve(socket, accepted =>
    {
        var process = Handshake.Hear(accepted, token);
        isOpen.Wait();
        Handshake.Answer(accepted, Identity);
        return process;
    });


    /// <summary>A connection knows now who is on the other side.</summary>
    public void Introduce(Connection connection)
    {
        _all[connection] = true;
        _connections[connection.Peer!] = connection;
        if (_isOver)
        {
            connection.Close();
        }
    }

    public void Forget(Connection connection)
    {
        _all.TryRemove(connection, out _);
        if (connection.Peer is { } peer)
        {
            _connections.TryRemove(new KeyValuePair<string, Connection>(peer, connection));
        }
    }

    /// <summary>A connection to a process, whoever opened it; null if there is none.</summary>
    public Connection? ConnectionTo(string process) => _connections.GetValueOrDefault(process);

    /// <summary>The silo where a grain was last, as this process was told; else the one that hashing names. For who has no silo itself.</summary>
    public RemoteSilo? Guess(GrainId grainId)
    {
        if (_whereabouts.TryGetValue(grainId, out var address))
        {
            if (Find(address) is { } silo)
            {
                return silo;
            }

            _whereabouts.TryRemove(grainId, out _);
        }

        return (RemoteSilo?)Placer.Rendezvous(grainId, [.. _silos.Where(silo => silo.Status == SiloStatus.Active)]);
    }

    /// <summary>Gives a call that came from elsewhere to who it is for.</summary>
    public void Deliver(Call call)
    {
        if (string.Equals(call.GrainId.Kind, ObserverTarget.Kind, StringComparison.Ordinal))
        {
            ObserverOf(Identity, call.GrainId).Receive(call);
            return;
        }

        var target = _cluster.Locate(call.GrainId);
        if (target is RemoteTarget remote && call.TryRedirect(remote.Silo.Address))
        {
            return;
        }

        target.Receive(call);
    }

    /// <summary>A call did not run where it was sent: sends it where its grain lives.</summary>
    public void Redirect(Call call, SiloAddress address)
    {
        (call.Target as RemoteTarget)?.HasMoved();
        if (call.CountRedirect() > MostRedirects)
        {
            call.TryFail(new SiloUnavailableException($"The silos do not agree on where {call.GrainId} lives."));
            return;
        }

        var silo = Find(address);
        if (silo is null)
        {
            Look();
            silo = Find(address);
        }

        if (silo is not null)
        {
            _whereabouts[call.GrainId] = address;
            silo.TargetOf(call.GrainId).Receive(call);
        }
        else if (call.Caller.TryLocate(call, former: null, out var target))
        {
            target.Receive(call);
        }
    }

    /// <summary>A call was not sent, because the connection to its silo is closed.</summary>
    public void SendElsewhere(Call call, RemoteSilo silo)
    {
        Look();
        if (silo.IsGone && call.CountRedirect() <= MostRedirects)
        {
            if (call.Caller.TryLocate(call, former: null, out var target))
            {
                target.Receive(call);
            }
        }
        else
        {
            call.TryFail(call.Target!.Lost());
        }
    }

    /// <summary>An observer, wherever it is.</summary>
    public CallTarget ObserverOf(string process, GrainId id) =>
        process != Identity
            ? new RemoteObserver(this, process, id)
            : _cluster.FindObserver(id) ?? throw new ClientNotAvailableException($"Observer {id} is gone.");

    /// <summary>Who of this process answers for a grain or observer.</summary>
    public Party PartyOf(GrainId id) => _cluster.PartyOf(id);

    public void Dispose()
    {
        _isOver = true;
        _membership.Dispose();
        foreach (var silo in _silos)
        {
            silo.Dispose();
        }

        foreach (var connection in _all.Keys)
        {
            connection.Close();
        }
    }

    private RemoteSilo? Find(SiloAddress address) => _silos.FirstOrDefault(silo => silo.Address.Equals(address));

    private void OnChanged(ImmutableArray<SiloRecord> records)
    {
        var before = _silos;
        _silos = [.. records.Select(record => before.FirstOrDefault(silo => silo.Address.Equals(record.Address)) ?? Join(record))];
        foreach (var record in records)
        {
            Find(record.Address)!.Record = record;
        }

        foreach (var gone in before.Except(_silos))
        {
            Log.SiloLeft(gone.Name, $"{gone.Address}");
            if (Folder.IsDeclaredDead(gone.Record))
            {
                gone.Dispose();
            }
            else
            {
                gone.Leave();
            }
        }

        foreach (var (grain, address) in _whereabouts)
        {
            if (Find(address) is null)
            {
                _whereabouts.TryRemove(grain, out _);
            }
        }

        _cluster.OnSilosChanged();
    }

    private void Rescue()
    {
        foreach (var connection in _all.Keys)
        {
            connection.Rescue();
        }
    }

    private RemoteSilo Join(SiloRecord record)
    {
        Log.SiloJoined(record.Name, $"{record.Address}");
        return new RemoteSilo(this, record);
    }
}
