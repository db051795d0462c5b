namespace Shortline.Grains.Fleet;

/// <content>Stores what the next activation needs.</content>
internal sealed partial class ControllerGrain
{
    private int _savedMinimum;
    private bool _othersSaved;

    private async Task Remember()
    {
        var servers = _members.Values.Where(member => member.Report is not null)
            .Select(member => new KnownServer(member.Id, member.SiloAddress, member.Incarnation))
            .OrderBy(server => server.Id, StringComparer.Ordinal).ToList();
        var state = memory.State;

        // While the last silo leaves, the size of the fleet means nothing: the next fleet begins with the size that this one had before.
        var desired = _silos.Staying == 0 && state.Desired > 0 ? state.Desired : _scaling.Desired;
        if (state.Desired == desired && _savedMinimum == state.Minimum && state.Servers.SequenceEqual(servers))
            return;
        try
        {
            if (_othersSaved)
            {
                var minimum = state.Minimum;
                await memory.ReadStateAsync().WaitAsync(AnswerTimeout, time);
                (state = memory.State).Minimum = minimum;
                _othersSaved = false;
            }

            (state.Desired, state.Servers) = (desired, servers);
            await memory.WriteStateAsync().WaitAsync(AnswerTimeout, time);
            _savedMinimum = state.Minimum;
        }
        catch (Exception e)
        {
            // Another activation of this grain may have written since this one has read; the storage refuses a write that is based on an
            // old state.
            _othersSaved = true;
            (state.Desired, state.Servers) = (0, []);
            LogNotSaved(e);
        }
    }
}
