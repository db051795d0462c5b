namespace Shortline.Grains.Fleet;

/// <content>Stores what the next activation needs.</content>
internal sealed partial class ControllerGrain
{
    private Task _remembering = Task.CompletedTask;
    private bool _othersSaved;

    /// <summary>Stores the fleet. One write after the other, because the storage refuses a write that is based on an old state.</summary>
    private Task Remember() => _remembering = RememberAfter(_remembering);

    private async Task RememberAfter(Task earlier)
    {
        await earlier;
        var servers = _members.Values.Where(member => member.Report is not null)
            .Select(member => new KnownServer(member.Id, member.SiloAddress, member.Incarnation))
            .OrderBy(server => server.Id, StringComparer.Ordinal).ToList();
        var state = memory.State;

        // While the last silo leaves, the size of the fleet means nothing: the next fleet begins with the size that this one had before.
        var desired = _silos.Staying == 0 && state.Desired > 0 ? state.Desired : _scaling.Desired;
        if (state.Desired == desired && state.Minimum == _minimum && state.Servers.SequenceEqual(servers))
            return;
        try
        {
            if (_othersSaved)
            {
                await memory.ReadStateAsync().WaitAsync(AnswerTimeout, time);
                state = memory.State;
                _othersSaved = false;
            }

            (state.Desired, state.Minimum, state.Servers) = (desired, _minimum, servers);
            await memory.WriteStateAsync().WaitAsync(AnswerTimeout, time);
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
