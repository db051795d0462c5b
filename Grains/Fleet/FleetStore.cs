using Microsoft.Extensions.Logging;
using Orleans.Runtime;
using Shortline.Balancing.Scaling;

namespace Shortline.Grains.Fleet;

/// <summary>Stores what the next activation of a controller needs. Used on the controller's turns only.</summary>
internal sealed partial class FleetStore(IPersistentState<FleetMemory> memory, FleetState fleet, TimeProvider time, ILogger logger)
{
    private Task _saving = Task.CompletedTask;
    private bool _othersSaved;

    /// <summary>Takes over what the former activation has stored, except its servers, which <see cref="AddServers"/> adds.</summary>
    public void Load()
    {
        fleet.AskedByPerson = memory.State.Minimum;
        if (memory.State.Desired > 0)
            fleet.Scaling = ScalingState.Begin(memory.State.Desired);
    }

    /// <summary>Adds the stored servers to the fleet.</summary>
    public void AddServers()
    {
        foreach (var known in memory.State.Servers)
            fleet.AddKnown(known.Id, known.SiloAddress, known.Incarnation);
    }

    /// <summary>Stores the fleet. One write after the other, because the storage refuses a write that is based on an old state.</summary>
    public Task Save() => _saving = SaveAfter(_saving);

    private async Task SaveAfter(Task earlier)
    {
        await earlier;
        var servers = fleet.Members.Where(member => member.Report is not null)
            .Select(member => new KnownServer(member.Id, member.SiloAddress, member.Incarnation))
            .OrderBy(server => server.Id, StringComparer.Ordinal).ToList();
        var state = memory.State;

        // While the last silo leaves, the size of the fleet means nothing: the next fleet begins with the size that this one had before.
        var desired = fleet.Silos.Staying == 0 && state.Desired > 0 ? state.Desired : fleet.Scaling.Desired;
        if (state.Desired == desired && state.Minimum == fleet.AskedByPerson && state.Servers.SequenceEqual(servers))
            return;
        try
        {
            if (_othersSaved)
            {
                await memory.ReadStateAsync().WaitAsync(FleetCalls.AnswerTimeout, time);
                state = memory.State;
                _othersSaved = false;
            }

            (state.Desired, state.Minimum, state.Servers) = (desired, fleet.AskedByPerson, servers);
            await memory.WriteStateAsync().WaitAsync(FleetCalls.AnswerTimeout, time);
        }
        catch (Exception e)
        {
            // Another activation of the controller may have written since this one has read; the storage refuses a write that is based on an
            // old state.
            _othersSaved = true;
            (state.Desired, state.Servers) = (0, []);
            LogNotSaved(logger, e);
        }
    }

    [LoggerMessage(2307, LogLevel.Warning, "The size of the fleet could not be saved")]
    private static partial void LogNotSaved(ILogger logger, Exception exception);
}
