using Shortline.Gateway.Destinations;

namespace Shortline.Gateway.Recovery;

/// <summary>A request that is to leave a server.</summary>
/// <param name="Ticket">The ticket under which the server has it. With another one it has left already.</param>
/// <param name="From">The server.</param>
/// <param name="Rule">Why it is to leave.</param>
internal readonly record struct Move(long Ticket, Destination From, MoveRule Rule);

/// <summary>What became of a request that was to leave a server.</summary>
internal enum MoveOutcome
{
    /// <summary>It stays where it is.</summary>
    Stays,

    /// <summary>It goes to another server, or waits for one.</summary>
    Moved,

    /// <summary>It may have run and must not run twice.</summary>
    Lost,
}
