using System.Text;
using Microsoft.Extensions.Logging;

namespace Shortline.Grains;

/// <summary>The operations that the servers of a silo know. Immutable.</summary>
internal sealed class Operations
{
    /// <summary>Names listed to a client that asked for an unknown one.</summary>
    private const int NamesListed = 10;

    private readonly Dictionary<string, Operation>.AlternateLookup<ReadOnlySpan<byte>> _byName;
    private readonly string _known;

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

    /// <summary>The operation of that name, or null.</summary>
    public Operation? Find(ReadOnlySpan<byte> name) => _byName.TryGetValue(name, out var operation) ? operation : null;

    /// <summary>What to tell a client that asked for an operation that is not there.</summary>
    public string Unknown(ReadOnlySpan<byte> name) =>
        $"unknown operation '{Encoding.UTF8.GetString(name[..Math.Min(name.Length, OperationName.MaxLength)])}': known are {_known}";
}
