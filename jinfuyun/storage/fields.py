"""Model fields for personal data: encrypted at rest with the row bound in, found by a keyed mark.

A model that uses them has a primary key known before it is saved (a UUID). The plain value exists only in memory,
on the instance; the column holds the sealed bytes.
"""

from typing import Any

from django.db import models

from jinfuyun.kit.crypto import look_up_mark, seal, unseal
from jinfuyun.storage.keys import field_keys


class _Sealed:
    """What came from the column and was not opened yet."""

    __slots__ = ("data",)

    def __init__(self, data: bytes) -> None:
        self.data = data


class _OpenOnRead:
    """Opens the value when it is first looked at: a list that shows no phone decrypts none."""

    def __init__(self, field: "EncryptedTextField") -> None:
        self.field = field

    def __get__(self, instance: models.Model | None, owner: type | None = None) -> Any:
        if instance is None:
            return self
        if self.field.attname not in instance.__dict__:
            instance.refresh_from_db(fields=[self.field.attname])
        value = instance.__dict__[self.field.attname]
        if isinstance(value, _Sealed):
            value = unseal(value.data, ring=field_keys(), place=self.field.place(instance)).decode()
            instance.__dict__[self.field.attname] = value
        return value

    def __set__(self, instance: models.Model, value: Any) -> None:
        instance.__dict__[self.field.attname] = value


class EncryptedTextField(models.BinaryField):
    """A text that only the running platform can read. Cannot be searched; see LookUpField."""

    # For the type checker: the attribute is text, whatever the column holds.
    _pyi_private_set_type: Any
    _pyi_private_get_type: Any

    def __init__(self, *args: Any, **options: Any) -> None:
        options.setdefault("editable", True)
        super().__init__(*args, **options)

    def contribute_to_class(self, cls: type[models.Model], name: str, private_only: bool = False) -> None:
        super().contribute_to_class(cls, name, private_only)
        setattr(cls, self.attname, _OpenOnRead(self))

    def place(self, instance: models.Model) -> str:
        return f"{self.model._meta.db_table}.{self.column}.{instance.pk}"

    def from_db_value(self, value: Any, *_: Any) -> _Sealed | None:
        return None if value is None else _Sealed(bytes(value))

    def pre_save(self, instance: models.Model, add: bool) -> bytes | None:
        value = instance.__dict__.get(self.attname)
        if value is None or isinstance(value, _Sealed):
            return value.data if value else None
        return seal(str(value).encode(), ring=field_keys(), place=self.place(instance))

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name == "isnull":
            return super().get_lookup(lookup_name)
        raise TypeError(f"{self.name} is encrypted; look it up by its mark")


class LookUpField(models.BinaryField):
    """The keyed mark of another field's value, kept beside it; equal values of one `kind` have equal marks."""

    def __init__(self, *args: Any, source: str = "", kind: str = "", **options: Any) -> None:
        self.source, self.kind = source, kind
        options.setdefault("editable", False)
        options.setdefault("db_index", True)
        super().__init__(*args, **options)

    def deconstruct(self) -> Any:
        name, path, args, options = super().deconstruct()
        return name, path, args, options | {"source": self.source, "kind": self.kind}

    def pre_save(self, instance: models.Model, add: bool) -> bytes | None:
        value = getattr(instance, self.source)
        mark = None if value in (None, "") else mark_of(self.kind, value)
        setattr(instance, self.attname, mark)
        return mark


def mark_of(kind: str, value: str) -> bytes:
    """The mark to search a LookUpField by."""
    return look_up_mark(value, ring=field_keys(), kind=kind)
