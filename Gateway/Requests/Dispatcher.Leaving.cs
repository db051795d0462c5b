namespace Shortline.Gateway;

/// <content>
/// What to do with what a server had that is not in the ranking any more. If it drained, it has answered everything, and its last responses may still be on their
/// way, which is another one than the ranking's. If it is gone with its silo, nothing comes, and what it had goes to others at once.
/// </content>
internal sealed partial class Dispatcher
{
    /// <summary>How long the last responses of a drained server may take after it has left the ranking, and after the last call to it.</summary>
    private const int LastResponsesMs = 1000;

    /// <summary>The server left the ranking, or came back as another incarnation. One that left without a word is asked whether it is there.</summary>
    private void OnLost(ServerLink link, long now, DispatchTurn turn)
    {
        if (!link.Retired || link.InFlight == 0)
        {
            GiveUp(link, now, turn);
        }
        else if (link.LeftAt is null)
        {
            link.LeftAt = now;
            if (link.Status is not (ServerStatus.Draining or ServerStatus.Stopped))
            {
                // The ranking that said that it drained may not have come, or not have been made, if the balancer has just moved.
                _probes.Add(link);
            }
        }
    }

    /// <summary>Gives up on servers that left and whose last responses did not come.</summary>
    private void SettleLeft(long now, DispatchTurn turn)
    {
        _lost.Clear();
        foreach (var link in _fleet.Links)
        {
            if (link is not { Retired: true, LeftAt: { } leftAt })
            {
                continue;
            }

            if (link.Lane.CalledAt is not null)
            {
                // Its activation, or what comes after it, will take or reject this.
                link.LeftAt = now;
            }
            else if (link.InFlight == 0 || now - leftAt > _clock.Ticks(LastResponsesMs))
            {
                _lost.Add(link);
            }
        }

        foreach (var link in _lost)
        {
            GiveUp(link, now, turn);
        }
    }

    /// <summary>The server was asked whether it is there, and is not, or is another one that knows nothing of what the former one had.</summary>
    private void GiveUpIfLeft(ServerLink link, long now, DispatchTurn turn)
    {
        if (link is { Retired: true, LeftAt: not null })
        {
            GiveUp(link, now, turn);
        }
    }

    private void GiveUp(ServerLink link, long now, DispatchTurn turn)
    {
        GiveToOthers(link, now, turn);
        if (link.Retired)
        {
            _fleet.Forget(link);
        }
    }
}
