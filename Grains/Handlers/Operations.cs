using System.Text;
using Microsoft.Extensions.Logging;
using Shortline.Hosting.Settings;
using Shortline.Hosting.Settings.Sections;

namespace Shortline.Grains.Handlers;

/// <summary>The operations that a server knows. All servers of a silo share one list. Immutable.</summary>
internal sealed class Operations
{
    /// <summary>Names listed to a client that asked for an unknown one.</summary>
    private const int NamesListed = 10;

    private readonly Dictionary<string, Operation>.AlternateLookup<ReadOnlySpan<byte>> _byName;
    private readonly string _known;
    private readonly string[] _off = [];
    private readonly Func<string, Operation>? _makeAny;

    public Operations(
        IEnumerable<WorkHandlerRegistration> registrations, IServiceProvider services, ShortlineSettings settings,
        ILogger<Operations> logger, TimeProvider time)
    {
        var exposes = settings.ExposesErrors();
        var byName = registrations
            .Select(registration => new Operation(registration.Operation, registration.Create(services), logger, time, exposes))
            .ToDictionary(operation => operation.Name, Utf8NameComparer.Instance);
        _byName = byName.GetAlternateLookup<ReadOnlySpan<byte>>();
        var names = byName.Keys.Order(StringComparer.Ordinal).ToArray();
        _known = string.Join(", ", names.Take(NamesListed)) + (names.Length > NamesListed ? ", …" : "");
        _off = [.. BuiltInOperations.Names.Except(names, StringComparer.Ordinal)];
    }

    /// <summary>Has an operation for every name: an external server decides which ones it knows.</summary>
    /// <param name="make">Makes the operation of a name.</param>
    public Operations(Func<string, Operation> make)
    {
        _byName = new Dictionary<string, Operation>(Utf8NameComparer.Instance).GetAlternateLookup<ReadOnlySpan<byte>>();
        (_known, _makeAny) = ("", make);
    }

    /// <summary>Returns the operation with that name, or null.</summary>
    public Operation? Find(ReadOnlySpan<byte> name) => _byName.TryGetValue(name, out var operation) ? operation : MakeAny(name);

    private Operation? MakeAny(ReadOnlySpan<byte> name) => _makeAny?.Invoke(Encoding.UTF8.GetString(name));

    /// <summary>The error text for a client that asked for an operation that is unknown or switched off.</summary>
    public string Unknown(ReadOnlySpan<byte> name)
    {
        var text = Encoding.UTF8.GetString(name[..Math.Min(name.Length, OperationName.MaxLength)]);
        return _off.Contains(text, StringComparer.Ordinal)
            ? $"operation '{text}' is switched off by server.operations: known are {_known}"
            : $"unknown operation '{text}': known are {_known}";
    }
}
