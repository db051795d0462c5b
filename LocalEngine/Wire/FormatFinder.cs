using System.Collections.Immutable;
using Orleans.Runtime;

namespace Shortline.LocalEngine;

/// <summary>Knows the format of each type that can travel.</summary>
internal static class FormatFinder
{
    /// <summary>Formats with the type arguments of the collection.</summary>
    private static readonly Dictionary<Type, Type> Generic = new()
    {
        [typeof(Nullable<>)] = typeof(NullableFormat<>),
        [typeof(ImmutableArray<>)] = typeof(ImmutableArrayFormat<>),
        [typeof(ReadOnlyMemory<>)] = typeof(ReadOnlyMemoryFormat<>),
        [typeof(Memory<>)] = typeof(MemoryFormat<>),
    };

    /// <summary>Formats with the collection itself as their first type argument, before its own.</summary>
    private static readonly Dictionary<Type, Type> GenericOfSelf = new()
    {
        [typeof(List<>)] = typeof(ListFormat<,>),
        [typeof(IList<>)] = typeof(ListFormat<,>),
        [typeof(ICollection<>)] = typeof(ListFormat<,>),
        [typeof(IEnumerable<>)] = typeof(ListFormat<,>),
        [typeof(IReadOnlyCollection<>)] = typeof(ListFormat<,>),
        [typeof(IReadOnlyList<>)] = typeof(ListFormat<,>),
        [typeof(HashSet<>)] = typeof(SetFormat<,>),
        [typeof(ISet<>)] = typeof(SetFormat<,>),
        [typeof(IReadOnlySet<>)] = typeof(SetFormat<,>),
        [typeof(Dictionary<,>)] = typeof(DictionaryFormat<,,>),
        [typeof(IDictionary<,>)] = typeof(DictionaryFormat<,,>),
        [typeof(IReadOnlyDictionary<,>)] = typeof(DictionaryFormat<,,>),
    };

    /// <exception cref="NotSupportedException">It, or a type within it, cannot travel.</exception>
    public static object Find(Type type)
    {
        if (type == typeof(Unit))
        {
            return new UnitFormat();
        }

        Check(type, type.ToString(), []);
        if (Scalars.WriterOf(type) is { } write)
        {
            return Activator.CreateInstance(
                typeof(ScalarFormat<>).MakeGenericType(type),
                write.CreateDelegate(typeof(Action<,>).MakeGenericType(typeof(WireWriter), type)),
                Scalars.ReaderOf(type).CreateDelegate(typeof(Func<,>).MakeGenericType(typeof(WireReader), type)))!;
        }

        return Activator.CreateInstance(FormatOf(type) ?? typeof(RecordFormat<>).MakeGenericType(type))!;
    }

    /// <summary>What a reader that does not know the type needs to know.</summary>
    public static WireKind KindOf(Type type) => Scalars.KindOf(type.IsEnum ? type.GetEnumUnderlyingType() : type);

    /// <summary>Looks at everything that a value of the type may hold, so that what cannot travel is found before it is needed.</summary>
    private static void Check(Type type, string path, HashSet<Type> seen)
    {
        if (!seen.Add(type) || Scalars.WriterOf(type) is not null || type.IsEnum || IsReference(type) || type == typeof(SiloAddress))
        {
            return;
        }

        if (FormatOf(type) is not null)
        {
            foreach (var item in type.HasElementType ? [type.GetElementType()!] : type.GetGenericArguments())
            {
                Check(item, path, seen);
            }
        }
        else if (Members.HasMembers(type) && !type.IsAbstract)
        {
            foreach (var member in Members.Of(type))
            {
                Check(member.Type, $"{type}.{member.Info.Name}", seen);
            }
        }
        else
        {
            throw new NotSupportedException(
                $"{path} cannot go to another process: {type} is no simple type, collection or interface of a grain, nor a class or struct with [GenerateSerializer].");
        }
    }

    private static Type? FormatOf(Type type)
    {
        if (type == typeof(SiloAddress))
        {
            return typeof(SiloAddressFormat);
        }

        if (type.IsEnum)
        {
            return typeof(EnumFormat<,>).MakeGenericType(type, type.GetEnumUnderlyingType());
        }

        if (type.IsSZArray)
        {
            return typeof(ArrayFormat<>).MakeGenericType(type.GetElementType()!);
        }

        if (IsReference(type))
        {
            return typeof(ReferenceFormat<>).MakeGenericType(type);
        }

        var definition = type.IsGenericType ? type.GetGenericTypeDefinition() : type;
        return Generic.TryGetValue(definition, out var format) ? format.MakeGenericType(type.GetGenericArguments())
            : GenericOfSelf.TryGetValue(definition, out format) ? format.MakeGenericType([type, .. type.GetGenericArguments()])
            : null;
    }

    private static bool IsReference(Type type) => type.IsInterface && typeof(IAddressable).IsAssignableFrom(type);
}
