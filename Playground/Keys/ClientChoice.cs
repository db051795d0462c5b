namespace Shortline.Playground;

/// <summary>Which of the clients is chosen.</summary>
internal sealed class ClientChoice(int clients)
{
    /// <summary>Its number, from 0.</summary>
    public int Number { get; private set; }

    /// <summary>Chooses one further down, or up if negative; stops at the ends.</summary>
    public void Move(int by) => Number = Math.Clamp(Number + by, 0, clients - 1);

    /// <summary>The first of the clients that are shown, so that the chosen one is in their middle if it can.</summary>
    public int FirstOf(int shown) => Math.Clamp(Number - (shown / 2), 0, Math.Max(0, clients - shown));
}
