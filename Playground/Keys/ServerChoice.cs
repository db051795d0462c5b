using Shortline.Playground.Screen;

namespace Shortline.Playground.Keys;

/// <summary>The chosen row of the server table. It stays with its server while others come and go.</summary>
internal sealed class ServerChoice
{
    private int _row;

    /// <summary>The id of the chosen server; null if there is no server.</summary>
    public string? ServerId { get; private set; }

    /// <summary>Updates the rows. If the chosen server is gone, the one in its place is chosen.</summary>
    public void Update(IReadOnlyList<ServerRow> rows)
    {
        var row = rows.ToList().FindIndex(server => server.Id == ServerId);
        Choose(rows, row >= 0 ? row : _row);
    }

    /// <summary>Chooses a row further down, or up if negative; stops at the ends.</summary>
    public void Move(IReadOnlyList<ServerRow> rows, int by) => Choose(rows, _row + by);

    private void Choose(IReadOnlyList<ServerRow> rows, int row)
    {
        _row = Math.Clamp(row, 0, Math.Max(0, rows.Count - 1));
        ServerId = rows.Count == 0 ? null : rows[_row].Id;
    }
}
