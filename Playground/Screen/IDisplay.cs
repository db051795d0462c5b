using Shortline.Playground.Run;

namespace Shortline.Playground.Screen;

/// <summary>Shows a run while it lasts.</summary>
internal interface IDisplay
{
    /// <summary>Drives the session until it has ended.</summary>
    /// <param name="session">The run.</param>
    /// <param name="stop">Requests the end of the run.</param>
    Task Show(PlaySession session, CancellationToken stop);
}
