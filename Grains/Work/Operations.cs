using System.Text;
using Microsoft.Extensions.Logging;

namespace Shortline.Grains;

/// <summary>The operations that a server knows: one list for all servers of a silo. Immutable.</summary>
internal sealed class Operations
{
    /// <summary>Names listed to a client that asked for an unknown one.</summary>
    private const int NamesListed = 10;

    private readonly Dictionary<string, Operation>.AlternateLookup<ReadOnlySpan<byte>> _byName;
    private readonly string _known;
    private readonly Func<string, Operation>? _makeAny;

    public Operations(
        IEnumerable<WorkHandlerRegistration> registrations, IServiceProvider services, ILogger<Operations> logger, TimeProvider time)
    {
        var byName = registrations
            .Select(registration => new Operation(registration.Operation, registration.Create(services), logger, time))
            .ToDictionary(operation => operation.Name, Utf8NameComparer.Instance);
        _byName = byName.GetAlternateLookup<ReadOnlySpan<byte>>();
        var names = byName.Keys.Order(StringComparer.Ordinal).ToArray();
        _known = string.Join(", ", names.Take(NamesListed)) + (names.Length > NamesListed ? ", …" : "");
    }

    /// <summary>Operations of every name, because somebody else knows which there are.</summary>
    /// <param name="make">Makes one of its name.</param>
    public Operations(Func<string, Operation> make)
    {
        _byName = new Dictionary<string, Operation>(Utf8NameComparer.Instance).GetAlternateLookup<ReadOnlySpan<byte>>();
        (_known, _makeAny) = ("", make);
    }

    /// <summary>The operation of that name, or null.</summary>
    public Operation? Find(ReadOnlySpan<byte> name) => _byName.TryGetValue(name, out var operation) ? operation : MakeAny(name);

    private Operation? MakeAny(ReadOnlySpan<byte> name) => _makeAny?.Invoke(Encoding.UTF8.GetString(name));

    /// <summary>What to tell a client that asked for an operation that is not there.</summary>
    public string Unknown(ReadOnlySpan<byte> name) =>
        $"unknown operation '{Encoding.UTF8.GetString(name[..Math.Min(name.Length, OperationName.MaxLength)])}': known are {_known}";
}
