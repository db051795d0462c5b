using Shortline.GrainInterfaces.Servers;

namespace Shortline.Grains.Fleet;

/// <content>
/// Ends strays: servers that the controller gave up, because they did not answer or another server has their id, while their silo is still
/// in the cluster. A silo that was suspended for a while resumes with servers that take work and that the fleet does not count. They are
/// drained as soon as they answer.
/// </content>
internal sealed partial class ControllerGrain
{
    private readonly Dictionary<(string Id, string Silo), FleetMember> _strays = [];

    private void Stray(FleetMember member) => _strays.TryAdd((member.Id, member.SiloAddress), member);

    private void Stray(ServerResponse report) => Stray(new FleetMember(report.Identity, report.SiloAddress, report.Incarnation));

    /// <summary>Drains the strays without waiting for them, so that a silo that does not answer does not hold up the look.</summary>
    private void EndStrays()
    {
        foreach (var (key, stray) in _strays)
        {
            var isMemberAgain = _members.TryGetValue(key.Id, out var member) && member.SiloAddress == key.Silo && member.Report is not null;
            if (!_silos.Has(key.Silo) || isMemberAgain)
                _strays.Remove(key);
            else
                _ = EndStray(key, stray);
        }
    }

    private async Task EndStray((string Id, string Silo) key, FleetMember stray)
    {
        if (stray.IsAsked || _silos.IsClosing(key.Silo))
            return;
        stray.IsAsked = true;
        try
        {
            var report = await Server(stray).Drain();
            _silos.Speaks(key.Silo);
            if (report.Status is ServerStatus.Stopped or ServerStatus.Starting or ServerStatus.Failed)
                _strays.Remove(key);
        }
        catch (Exception e)
        {
            // The next look tries again.
            LogNoAnswer(e, stray.Id);
        }
        finally
        {
            stray.IsAsked = false;
        }
    }
}
