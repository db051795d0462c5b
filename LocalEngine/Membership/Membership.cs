using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace Shortline.LocalEngine;

/// <summary>
/// Who is in the cluster, as the processes of one machine tell each other by its <see cref="ClusterFolder"/>. Looks there every
/// <see cref="Pause"/> on a thread of its own, which a busy thread pool does not hold up, and whenever somebody has a reason.
/// </summary>
internal sealed class Membership : IDisposable
{
    /// <summary>Between two looks, and two heartbeats. A look is a listing and a lock per silo: some 50 µs.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly Lock _lock = new();
    private readonly ClusterFolder _folder;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly Action<ImmutableArray<SiloRecord>> _changed;
    private readonly Action<LocalMember> _declaredDead;
    private readonly Action _afterLook;
    private readonly Dictionary<SiloAddress, Suspicion> _suspicions = [];
    private readonly ManualResetEventSlim _ended = new();
    private readonly Thread _thread;
    private ImmutableArray<LocalMember> _own = [];
    private ImmutableArray<SiloRecord> _others = [];

    /// <summary>Begins to look.</summary>
    /// <param name="folder">Where.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">Where deaths are told.</param>
    /// <param name="changed">Told of the silos of other processes, one call at a time.</param>
    /// <param name="declaredDead">Told of a silo of this process that the others take for dead.</param>
    /// <param name="afterLook">What else is to be looked after that often.</param>
    public Membership(
        ClusterFolder folder,
        TimeProvider time,
        ILogger log,
        Action<ImmutableArray<SiloRecord>> changed,
        Action<LocalMember> declaredDead,
        Action afterLook)
    {
        _folder = folder;
        _time = time;
        _log = log;
        _changed = changed;
        _declaredDead = declaredDead;
        _afterLook = afterLook;
        _thread = new Thread(Run) { IsBackground = true, Name = "shortline membership" };
    }

    public void Start()
    {
        Look();
        _thread.Start();
    }

    /// <summary>Publishes a silo of this process.</summary>
    public LocalMember Add(SiloRecord record)
    {
        lock (_lock)
        {
            var member = LocalMember.Publish(_folder, _time, record);
            _own = _own.Add(member);
            return member;
        }
    }

    /// <summary>A silo of this process leaves.</summary>
    public void Remove(LocalMember member)
    {
        lock (_lock)
        {
            _own = _own.Remove(member);
            member.Dispose();
        }
    }

    /// <summary>Looks now, and tells what has changed before it returns.</summary>
    public void Look()
    {
        lock (_lock)
        {
            var found = _folder.Read().Where(silo => !_own.Any(own => own.Record.Address.Equals(silo.Address)))
                .Where(IsAlive).OrderBy(silo => silo.Port).ThenBy(silo => silo.Generation).ToImmutableArray();
            if (!found.SequenceEqual(_others))
            {
                _others = found;
                _changed(found);
            }
        }
    }

    public void Dispose()
    {
        _ended.Set();
        if (Thread.CurrentThread != _thread)
        {
            _thread.Join();
        }
    }

    private void Run()
    {
        do
        {
            try
            {
                foreach (var member in _own)
                {
                    if (!member.Renew())
                    {
                        _declaredDead(member);
                    }
                }

                Look();
                _afterLook();
            }
            catch (Exception exception)
            {
                // A full or failing disk: the next look may go better, and until then the lease decides.
                _log.LookFailed(exception);
            }
        }
        while (!_ended.Wait(Pause));
    }

    private bool IsAlive(SiloRecord silo)
    {
        if (_folder.HasEnded(silo))
        {
            _folder.Remove(silo);
            _suspicions.Remove(silo.Address);
            return false;
        }

        if (_folder.IsDeclaredDead(silo))
        {
            return false;
        }

        if (!_suspicions.TryGetValue(silo.Address, out var suspicion))
        {
            _suspicions.Add(silo.Address, suspicion = new Suspicion(_time));
        }

        var beat = _folder.LastBeat(silo);
        return !suspicion.Look(beat) || !TryDeclareDead(silo, beat);
    }

    /// <summary>Only a silo declares another one dead: a cluster whose only silo was stopped for a while needs nobody in its place.</summary>
    private bool TryDeclareDead(SiloRecord silo, long beat)
    {
        if (_own.IsEmpty)
        {
            return false;
        }

        _folder.DeclareDead(silo);
        if (_folder.LastBeat(silo) != beat)
        {
            _folder.TakeBackDeath(silo);
            return false;
        }

        _log.SiloDeclaredDead(silo.Name, $"{silo.Address}", Suspicion.Limit.TotalSeconds);
        return true;
    }
}
