namespace Shortline.Balancing;

/// <summary>Whether a policy follows the load.</summary>
public enum PolicyKind
{
    /// <summary>
    /// Chooses by turns, chance, weights or client, whatever the load. What holds for every algorithm still does: a server that is lost, hangs or only fails is
    /// left out; and <c>consistent_hash</c> goes on to the next server where its bound would be exceeded.
    /// </summary>
    Static,

    /// <summary>Chooses by what the servers have to do, or by how long they take.</summary>
    Dynamic,
}
