using Shortline.Gateway.Destinations;
using Shortline.Gateway.HandOver;

namespace Shortline.Gateway.Recovery;

/// <summary>
/// The requests that are to leave their servers. They are collected under the fleet's lock and moved after it is released, because that takes
/// the locks of their shards.
/// </summary>
internal sealed class Moves
{
    private readonly List<Move> _moves = [];

    public int Count => _moves.Count;

    public Move this[int index] => _moves[index];

    /// <summary>Adds all requests of a server, also those that wait for a call, in the order in which they came.</summary>
    public void AddAll(Destination server, MoveRule rule) => AddWhere(server, rule, beforeCall: null);

    /// <summary>Adds the requests of a server that left with calls before one.</summary>
    public void AddLeftBefore(Destination server, long call, MoveRule rule) => AddWhere(server, rule, call);

    /// <summary>Adds the requests of a call.</summary>
    public void AddBatch(Destination server, BatchBuffer batch, MoveRule rule)
    {
        foreach (ref readonly var request in batch.Requests)
            _moves.Add(new Move(request.Ticket, server, rule));
    }

    public void Clear() => _moves.Clear();

    private void AddWhere(Destination server, MoveRule rule, long? beforeCall)
    {
        var first = _moves.Count;
        for (var request = server.Requests; request is not null; request = request.NextAtServer)
        {
            if (beforeCall is null || (request.HasLeft && request.Call < beforeCall))
                _moves.Add(new Move(request.Ticket, server, rule));
        }

        // A server's list begins with the latest.
        _moves.Reverse(first, _moves.Count - first);
    }
}
