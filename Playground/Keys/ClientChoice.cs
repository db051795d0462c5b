namespace Shortline.Playground.Keys;

/// <summary>The chosen client.</summary>
internal sealed class ClientChoice(int clients)
{
    /// <summary>Its position, from 0.</summary>
    public int Number { get; private set; }

    /// <summary>Chooses one further down, or up if negative; stops at the ends.</summary>
    public void Move(int by) => Number = Math.Clamp(Number + by, 0, clients - 1);

    /// <summary>The position of the first client to show, so that the chosen one is in the middle if possible.</summary>
    public int FirstOf(int shown) => Math.Clamp(Number - (shown / 2), 0, Math.Max(0, clients - shown));
}
